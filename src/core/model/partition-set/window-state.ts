import type { Value } from '../../primitives/value.ts';

/**
 * One value of a property: [event time in epoch ms, stream sequence, value]. An array, because there may be very many.
 */
export type Sample = readonly [timeMs: number, sequence: number, value: Value];

/**
 * The samples of a partition in (now − within, now]. Exact up to LIMITS.windowSamples; above that, samples are
 * summarised in slices of within / LIMITS.windowSlices, and a slice counts until its newest sample leaves the window.
 */
export interface WindowState {
  /** In order. Samples that have left (dropped in batches) or are ahead of the clock do not count. */
  samples: Sample[];
  /** The newest sample that has left the window; the first neighbour for `changes`. */
  before: Sample | null;
  /** Oldest first; empty while samples are kept individually. */
  slices: Slice[];
  /** Width of a slice, milliseconds; 0 while samples are kept individually. */
  width: number;
  /** It has held long numbers, so its samples weigh more. */
  long?: true;
  /** What its slices have beside the usual. */
  keeps?: 'rises' | 'spread' | 'area';
}

export interface Slice {
  count: number;
  sum: number;
  min: number;
  max: number;
  changes: number;
  first: Sample;
  last: Sample;
  /** Sum of the rises from number to number. */
  rises?: number;
  /** Sum of the squared distances from the average. */
  spread?: number;
  /** Sum of number × milliseconds until the next number, from its first to its last. */
  area?: number;
}

/** The state that a calculation keeps; calculations that need the same state share it. */
export type AccumulatorKind =
  | 'latest'
  | 'events'
  | 'numbers'
  | 'counter'
  | 'spread'
  | 'held'
  | 'values'
  | 'distinct'
  | 'heldValues'
  | 'run'
  | 'history';

/** The newest sample of each distinct value, oldest first; with `hold` all samples. */
export type DistinctState = Sample[];

/** The last run of equal values: when it began, and the newest samples, because a late event can still split it. */
export interface EqualRun {
  /** Everything before the kept samples: its newest sample, and when that sample's run began. */
  base: { since: number; newest: Sample } | null;
  samples: Sample[];
}

export type AccumulatorState = Sample | null | WindowState | DistinctState | EqualRun;

/** A slot in `PartitionState.stores`. Equal keys mean equal content: they map state to slots when the rule changes. */
export interface Accumulator {
  key: string;
  kind: AccumulatorKind;
  /** null: the event itself, whatever its properties. */
  property: string | null;
  /** Texts that are numbers count as these; other values do not count. */
  as?: 'number';
  /** Infinity: only `last` bounds the window. */
  withinMs: number;
  /** The window has only the newest so many samples. */
  last?: number;
  /** Which events enter it; all if it is missing. */
  accepts?: (data: Readonly<Record<string, unknown>>) => boolean;
  /** For `ratio` and `timeIn`: the sample of an event is 1 if this holds, else 0. */
  scores?: (data: Readonly<Record<string, unknown>>) => boolean;
}
