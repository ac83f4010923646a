import type { AlertEnvelope } from '../../core/model/alert/alert.ts';

/** Delivers alerts to a receiver. Returns failures instead of throwing, because the sink decides whether to retry. */
export interface Sink {
  deliver(alert: AlertEnvelope): Promise<SinkResult>;
}

export type SinkResult = { ok: true } | { ok: false; reason: string; retry: boolean; retryAfterMs?: number };

export const DELIVERED: SinkResult = { ok: true };
