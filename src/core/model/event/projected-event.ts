import type { Value } from '../../primitives/value.ts';

/**
 * An event as a partition set receives it: only the properties that its rule reads, by path. Signals stay small
 * whatever tenants send, and the Temporal UI shows what the rule saw.
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
  /** It only brings values for operands. */
  isSettings?: true;
  /** The rule has no room for the event's group: the event only reports that. */
  isLeftOut?: true;
  /** It removes its partition (`forgetOn`), and does nothing else. */
  forgets?: true;
}

/** Call before any change, so that an invalid event leaves no trace in the state. @throws TypeError */
export function assertProjectedEvent(event: ProjectedEvent): void {
  const sound =
    Number.isSafeInteger(event.seq) &&
    Number.isFinite(event.time) &&
    Number.isFinite(event.at) &&
    typeof event.data === 'object' &&
    (event.data as unknown) !== null;
  if (!sound) throw new TypeError(`invalid event: ${JSON.stringify(event).slice(0, 200)}`);
}
