import type { AlertEnvelope } from '../../core/model/alert.ts';

/** Tells somebody of an alert. A failure is an answer, not an error: the sink knows best whether to try again. */
export interface Sink {
  deliver(alert: AlertEnvelope): Promise<Delivery>;
}

export type Delivery = { ok: true } | { ok: false; reason: string; retry: boolean; retryAfterMs?: number };

export const DELIVERED: Delivery = { ok: true };
