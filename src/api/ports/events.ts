import type { CloudEventHeaders } from '../../core/model/event/cloud-event.ts';
import type { StoredEvent } from '../../core/model/event/stored-event.ts';

export interface EventArchivePort {
  /**
   * The events of these clients, oldest first, from `sinceMs` on, up to the newest one now. `total`: how many;
   * `atMs`: the stream's clock now. @throws VigilError NATS_UNREACHABLE
   */
  read(from: {
    sinceMs: number;
    clientIds: readonly string[];
  }): Promise<AsyncIterable<StoredEvent> & { total: number; atMs: number }>;
  /** Some of the newest events of a client, oldest first, within 2 seconds or so. @throws VigilError NATS_UNREACHABLE */
  newest(clientId: string): Promise<StoredEvent[]>;
  /** Sequence of the oldest event of the stream and when it was stored, epoch ms. @throws VigilError NATS_UNREACHABLE */
  extent(): Promise<{ first: number; firstAtMs: number }>;
}

export interface EventSent {
  /** Identifies the event among those of its client. */
  id?: string | undefined;
  cloudEvent?: CloudEventHeaders | undefined;
}

export interface EventsPort {
  /**
   * Publishes to `events.<clientId>.<type>`; resolves when the stream has stored the event. `duplicate`: it had stored
   * an event of the client with the same id, which has this sequence. @throws VigilError NATS_UNREACHABLE
   */
  publish: (
    clientId: string,
    type: string,
    data: Record<string, unknown>,
    sent?: EventSent,
  ) => Promise<{ sequence: number; duplicate: boolean }>;
  /** Publishes a test alert with the label `test: "true"` to the alert stream. */
  publishTestAlert(clientId: string): Promise<{ id: string }>;
}
