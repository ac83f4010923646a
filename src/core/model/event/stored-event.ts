import type { CloudEventHeaders } from './cloud-event.ts';
import { toEvent, type VigilEvent } from './event.ts';

/** An event as the stream stored it. */
export interface StoredEvent {
  subject: string;
  sequence: number;
  /** Epoch ms. */
  storedAtMs: number;
  bytes: Uint8Array;
  /** The `traceparent` header. */
  traceparent?: string;
  /** Absent if the headers say nothing of CloudEvents. */
  cloudEvent?: CloudEventHeaders;
  /** The stream stored an event of the client with the same id shortly before: it counts there. */
  isRepetition?: boolean;
}

/**
 * The event of a message whose bytes are parsed. Field by field, because spreading every message costs more than all
 * else in `toEvent`.
 * @throws VigilError EVENT_INVALID with `fields.reason`
 */
export const eventOf = (
  { subject, sequence, storedAtMs, traceparent, cloudEvent }: StoredEvent,
  payload: unknown,
): VigilEvent => toEvent({ subject, sequence, storedAtMs, payload, traceparent, cloudEvent });
