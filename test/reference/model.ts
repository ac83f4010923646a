import type { AlertPhase, AlertReason, AlertStatus } from '../../src/core/model/alert/alert.ts';
import type { Comparison, Predicate } from '../../src/core/model/rule/condition-schema.ts';
import type { Severity } from '../../src/core/model/alert/severity.ts';
import type { Scalar } from '../../src/core/primitives/value.ts';

/*
 * The reference evaluator: docs/semantics.md once more, slow and obvious, sharing no code with the evaluator in src/core.
 * It keeps every event, looks at every moment, and works out each value from all events, each time anew.
 *
 *   arrival   an event as the stream stored it
 *   instant   an evaluation: after an arrival, or at the end of a moment, when the deadlines of that moment are handled
 *
 * All times are epoch milliseconds.
 */

export interface Arrival {
  /** Stream sequence; one that is not above all before it is a repetition. */
  sequence: number;
  /** When the stream stored it. */
  at: number;
  /** Its own time. */
  time: number;
  data: Record<string, unknown>;
}

export interface Instant {
  clock: number;
  /** What begins or stops now does so at this moment. */
  cause: number;
  /** The end of a moment, all its events seen: only then is decided what only time brings about. */
  end: boolean;
  /** A setting has come, or an event that removes its partition: it proves nothing. */
  settings?: boolean;
  /** For an expected partition: since when it has been known, whatever has come. */
  known?: number | undefined;
  /** When the event arrived. What was due before it is decided no earlier; of no meaning at the end of a moment. */
  arrival: number;
}

/** What was due before the clock at which an event is taken stays undecided until the clock has come to its arrival. */
export const undecided = ({ clock, arrival }: Instant, due: number): number => (due < clock ? arrival : -Infinity);

/** Any calculation, whatever words its own shape allows. */
export interface Leaf extends Comparison {
  calc: string;
  property?: string;
  as?: string | undefined;
  within?: string | undefined;
  last?: number | undefined;
  whenFull?: boolean | undefined;
  for?: string | undefined;
  /** Which events enter; for `ratio` and `timeIn`, which match. */
  where?: Predicate[] | undefined;
  among?: Predicate[] | undefined;
  minSamples?: number | undefined;
  hold?: boolean | undefined;
  p?: number;
}

/** One message on the alerts stream, as far as it says what happened when. */
export interface Transition {
  at: number;
  partition: Record<string, Scalar>;
  episode: number;
  status: AlertStatus;
  reason: AlertReason;
  state: AlertPhase;
  severity: Severity;
  startsAt: number | null;
  endsAt: number | null;
  /** Of a partition whose condition fires: whether the value of the first calculation is known. */
  isKnown?: boolean;
}

/** Values, and events, are ordered by (own time, stream sequence). */
export const byOwnTime = (a: Arrival, b: Arrival): number => a.time - b.time || a.sequence - b.sequence;
