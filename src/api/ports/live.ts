import type { AlertEnvelope } from '../../core/model/alert/alert.ts';

export type LiveMessage =
  | { kind: 'event'; clientId: string; type: string; sequence: number; time: string; data: Record<string, unknown> }
  | { kind: 'alert'; sequence: number; alert: AlertEnvelope };

/** Sequences of the event stream and the alert stream up to which a reader has everything. */
export interface LivePlace {
  event: number;
  alert: number;
}

export interface LivePort {
  /** Calls `listener` for every new event and alert. Returns a function that unsubscribes. */
  subscribe(listener: (message: LiveMessage) => void): () => void;
  /** Up to where `subscribe` has called its listeners. */
  place(): LivePlace;
  /**
   * What the streams have after a place, up to now: events in their order, then alerts in theirs. `clientId`: only those
   * of this client. Null if the streams lack some of it.
   */
  since(place: LivePlace, clientId?: string): Promise<AsyncIterable<LiveMessage[]> | null>;
}
