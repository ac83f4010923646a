import type { AlertPhase, EvidenceItem, CeaseReason } from './alert.ts';
import type { Severity } from './severity.ts';
import type { Scalar } from '../primitives/value.ts';
import type { AccumulatorState } from './window-state.ts';

/*
 * Glossary
 *   set        all partitions of one rule for one group; one workflow
 *   partition  one value of `partitionBy`, for example one machine
 *   live       a partition that has reported and is not stale
 *   mark       high-water mark: the highest stream sequence that the set has applied
 *   episode    one time of firing, from firing to resolved; counted 1, 2, 3…
 *   level      a severity with its condition; a rule without `levels` has one
 *   slot       the place of what a calculation keeps, in `stores`; equal ones share it
 *
 * Everything here is plain JSON: it is the workflow's carried state, what `state` answers, and what tests compare.
 * All times are epoch milliseconds.
 */

/** Of what is below. A change that older states do not have takes a step in migrate-state.ts. */
export const STATE_VERSION = 1;

export interface PartitionSetState {
  v: number;
  /** Which birth of this set: part of alert ids, so that a set that begins anew, and counts from 1 again, has fresh ids. */
  generation: string;
  ruleVersion: number;
  group: Scalar[];
  startedAt: number;
  /** The set's clock: every event stored, and every deadline due, up to here has been handled. */
  now: number;
  mark: number;
  partitions: Record<string, PartitionState>;
  /** The set's own alert; with `evaluate: each` the partitions have theirs. */
  alert: AlertState;
  /** Grows by one whenever a partition begins to satisfy: keeps evidence in the order in which it came to be. */
  ticks: number;
  nextHeartbeatAt: number | null;
  /** When the set must be judged although nothing has come; null: when something does. */
  judgeAt: number | null;
  /** Own time of the set's newest event; null before the first. */
  lastEventAt: number | null;
  /** Caps that were reached, by name: when that was last reported. */
  limits: Record<string, number>;
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
  /** What calculations keep, by slot. */
  stores: AccumulatorState[];
  /** What leaves remember: those whose answer hangs on the past. */
  memory: LeafMemory[];
  /** For each level the tick at which it began to satisfy; 0 while it does not. */
  holds: number[];
  /** When its answers may next change by themselves, but for staleness; null: only by an event. */
  moment: number | null;
  /** Partial matches (`evaluate: sequence`). */
  sequence?: SequenceState;
  /** With `evaluate: each` and `sequence`. */
  alert?: AlertState;
  /** What an alert says of it, where its values are elsewhere. */
  shown?: EvidenceItem;
}

/** Which event: its stream sequence and its own time. */
export interface EventMark {
  sequence: number;
  timeMs: number;
  /** W3C Trace Context, if it belongs to a trace. */
  trace?: string;
}

export interface AlertState {
  phase: AlertPhase;
  /** Number of the newest episode; 0 before the first. */
  episode: number;
  severity: Severity;
  /** Changes of severity in this episode: what tells several in one millisecond apart. */
  changes: number;
  /** When the condition began to hold; null while it does not. */
  since: number | null;
  /** While firing: when the condition ceased to hold, and why; null while it holds. */
  ceased: { at: number; reason: CeaseReason } | null;
  /** When the condition last began or ceased to hold: a late event changes nothing before that. */
  changedAt: number | null;
  remindAt: number | null;
  /** Nothing has come for `noData.after`. */
  silent: boolean;
}

export const newAlert = (severity: Severity): AlertState => ({
  phase: 'inactive',
  episode: 0,
  severity,
  changes: 0,
  since: null,
  ceased: null,
  changedAt: null,
  remindAt: null,
  silent: false,
});

/** What a leaf remembers in a partition, if its answer hangs on the past. Times in epoch ms. */
export interface LeafMemory {
  /** The comparison's last answer. */
  truth: boolean;
  /** When it began to hold; null while it does not. */
  since: number | null;
  /** When it last began or ceased to hold: a late event changes nothing before that. */
  changedAt: number | null;
  /** It has held for the leaf's `for`. */
  ripe: boolean;
}

export const newLeafMemory = (): LeafMemory => ({ truth: false, since: null, changedAt: null, ripe: false });

/** Partial matches of one partition, the oldest first. Times in epoch ms. */
export interface SequenceState {
  runs: SequenceRun[];
  /** The match that was completed by a `not` holds until its event comes after all. */
  held: boolean;
}

/** `step` is the next one to match; `at` is when the step before it matched. */
export interface SequenceRun {
  step: number;
  at: number;
}

export const newSequence = (): SequenceState => ({ runs: [], held: false });
