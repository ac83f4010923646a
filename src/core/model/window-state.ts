import type { Value } from '../primitives/value.ts';

/** One value of a property: [own time in epoch ms, stream sequence, value]. An array, as there may be very many. */
export type Sample = readonly [timeMs: number, sequence: number, value: Value];

/**
 * The samples of a partition in (now − within, now]. Exact up to LIMITS.windowSamples; beyond that the samples are
 * summarised in slices of within / LIMITS.windowSlices, and a slice counts until its newest sample leaves the window.
 */
export interface WindowState {
  /** In order. Those that have left, or are ahead of the clock, do not count: the former are dropped several at a time. */
  samples: Sample[];
  /** The newest sample that has left the window: the first neighbour for `changes`. */
  before: Sample | null;
  /** Oldest first; empty while samples are kept one by one. */
  slices: Slice[];
  /** Of a slice, milliseconds; 0 while samples are kept one by one. */
  width: number;
  /** It has held numbers of many digits: its samples weigh more. */
  long?: true;
}

export interface Slice {
  count: number;
  sum: number;
  min: number;
  max: number;
  changes: number;
  first: Sample;
  last: Sample;
}

/** What a partition keeps for a calculation; calculations that need the same share it. */
export type AccumulatorKind = 'latest' | 'events' | 'numbers' | 'values' | 'distinct' | 'run' | 'history';

/** Newest sample of each different value, the oldest first. */
export type DistinctState = Sample[];

/** The run of equal values at the end: when it began, and the newest samples, by which a late event can still split it. */
export interface RunState {
  /** What came before the kept samples: the newest of it, and when its run began. */
  base: { since: number; newest: Sample } | null;
  samples: Sample[];
}

export type AccumulatorState = Sample | null | WindowState | DistinctState | RunState;

/** A place in `PartitionState.stores`. Equal keys mean the same content: by it state finds its place when the rule changes. */
export interface Accumulator {
  key: string;
  kind: AccumulatorKind;
  /** null: the event itself, whatever it carries. */
  property: string | null;
  withinMs: number;
}
