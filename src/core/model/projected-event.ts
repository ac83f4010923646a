import type { Value } from '../primitives/value.ts';

/**
 * An event as one set receives it: only the properties that its rule reads, by their paths. So a signal stays small
 * whatever tenants send, and shows in the Temporal UI what the rule saw.
 */
export interface ProjectedEvent {
  /** Stream sequence. */
  seq: number;
  /** Event time, epoch ms. */
  time: number;
  /** When the stream stored it, epoch ms. */
  at: number;
  data: Record<string, Value>;
  /** W3C Trace Context, if it belongs to a trace. */
  trace?: string;
  /** It belongs to none of the rule's groups, and there is no room for its own: it only says so. */
  isLeftOut?: true;
}

/** Before anything is changed: what is not an event must leave no trace in the state. @throws TypeError */
export function assertProjectedEvent(event: ProjectedEvent): void {
  const sound =
    Number.isSafeInteger(event.seq) &&
    Number.isFinite(event.time) &&
    Number.isFinite(event.at) &&
    typeof event.data === 'object' &&
    (event.data as unknown) !== null;
  if (!sound) throw new TypeError(`not an event of a set: ${JSON.stringify(event).slice(0, 200)}`);
}
