import type { AlertPhase, Scalar } from './alert.ts';
import type { Severity } from './rule-schema.ts';
import type { Value } from './value.ts';

/*
 * Glossary
 *   set        all partitions of one rule for one group; one workflow
 *   partition  one value of `partitionBy`, for example one machine
 *   live       a partition that has reported and is not stale
 *   mark       high-water mark: the highest stream sequence of a lane that the set has applied
 *   episode    one time of firing, from firing to resolved; counted 1, 2, 3…
 *   slot       the place of a calculation in `calcs`; equal calculations share one
 *
 * Everything here is plain JSON: it is the workflow's carried state, what `state` answers, and what tests compare.
 * All times are epoch milliseconds.
 */

export const STATE_VERSION = 1;

export interface SetState {
  v: typeof STATE_VERSION;
  /** What made this set: part of alert ids, so that a rule deleted and made again starts with fresh ids. */
  generation: number;
  ruleVersion: number;
  group: Scalar[];
  startedAt: number;
  /** The set's clock: every event stored, and every deadline due, up to here has been handled. */
  now: number;
  marks: Record<string, number>;
  partitions: Record<string, PartitionState>;
  /** The set's own alert; with `evaluate: each` the partitions have theirs. */
  alert: AlertState;
  /** Grows by one whenever a partition begins to satisfy: keeps evidence in the order in which it came to be. */
  ticks: number;
  nextHeartbeatAt: number | null;
  counters: Counters;
}

export interface Counters {
  /** Events that were applied. */
  applied: number;
  /** Events that were there already: at or below the mark. */
  repeated: number;
  /** Events that were older than what their partition already knew. */
  late: number;
  /** Events for partitions beyond the cap. */
  overflow: number;
}

export interface PartitionState {
  key: Scalar[];
  /** The newest event; null while an expected partition has not reported. */
  last: EventMark | null;
  stale: boolean;
  /** By slot. */
  calcs: LatestState[];
  /** Tick at which it began to satisfy; 0 while it does not. */
  holdsSince: number;
  /** With `evaluate: each`, or when it had episodes. */
  alert?: AlertState;
}

/** Which event: its stream sequence and its own time. */
export interface EventMark {
  sequence: number;
  timeMs: number;
}

/** State of `calc: latest`; null before the first value. */
export type LatestState = (EventMark & { value: Value }) | null;

export interface AlertState {
  phase: AlertPhase;
  /** Number of the newest episode; 0 before the first. */
  episode: number;
  severity: Severity;
  /** When the condition began to hold; null while it does not. */
  since: number | null;
  /** While firing: when the condition ceased to hold, and why; null while it holds. */
  ceased: { at: number; reason: 'cleared' | 'staleData' | 'ruleUpdated' } | null;
  /** When the condition last ceased: a late event cannot make it begin before that. */
  brokenAt: number | null;
  remindAt: number | null;
}

export const newAlert = (severity: Severity): AlertState => ({
  phase: 'inactive',
  episode: 0,
  severity,
  since: null,
  ceased: null,
  brokenAt: null,
  remindAt: null,
});
