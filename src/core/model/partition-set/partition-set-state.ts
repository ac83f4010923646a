import type { AlertPhase, EvidenceItem, CeaseReason } from '../alert/alert.ts';
import type { Severity } from '../alert/severity.ts';
import type { Scalar, Value } from '../../primitives/value.ts';
import type { ProjectedEvent } from '../event/projected-event.ts';
import type { AccumulatorState, Sample } from './window-state.ts';

/*
 * Glossary
 *   set        a partition set: all partitions of one rule for one group; one workflow
 *   partition  one value of `partitionBy`, for example one machine
 *   live       a partition that has reported and is not stale
 *   episode    one firing of an alert until it resolves; counted 1, 2, 3…
 *   level      a severity with its condition; a rule without `levels` has one
 *   slot       index of an accumulator in `stores`; equal accumulators share a slot
 *
 * Everything here is plain JSON: the answer of the query `state`, what tests compare, and (packed, see packing/) what
 * workflows carry.
 * Field names are stored, so they never change. All times are epoch milliseconds.
 */

/** Version of the types below. A change that older states lack needs a migration in migrate-state.ts. */
export const STATE_VERSION = 2;

export interface PartitionSetState {
  v: number;
  /**
   * Identifies this start of the set in alert ids: a set that starts again, and counts from 1 again, gets fresh ids.
   */
  generation: string;
  ruleVersion: number;
  /** The quota of partitions, as the newest events brought it; absent without one. */
  partitionsMax?: number;
  group: Scalar[];
  startedAt: number;
  /** The set's clock: every event stored, and every deadline due, up to this time has been handled. */
  now: number;
  /** Stored name of the watermark: the highest stream sequence applied. */
  mark: number;
  partitions: Record<string, PartitionState>;
  /** Values that settings brought for all partitions, by the key of the slot. */
  settings?: Record<string, Sample>;
  /** The set's own alert; with `evaluate: each` and `sequence`, every partition has one. */
  alert: AlertState;
  /** Increases by one whenever a partition starts to satisfy; orders evidence from the oldest to the newest. */
  ticks: number;
  nextHeartbeatAt: number | null;
  /** When the set must be judged without an event; null: with the next event. */
  judgeAt: number | null;
  /** Event time of the set's newest event; null before the first. */
  lastEventAt: number | null;
  /** When each cap that was reached, by name, was last reported. */
  limits: Record<string, number>;
  counters: Counters;
  /** With `lateTolerance`. */
  waiting?: WaitingState;
  /**
   * In a shard, by key of a partition, in order of time: an event of it made something overdue that the coordinator
   * decides at this time. Until then every event of the partition may prove it, even after the partition is removed.
   */
  overdue?: Record<string, number>;
}

/** What arrived before the set's clock comes to it. */
export interface WaitingState {
  /** The stream's clock, as far as the set knows. */
  until: number;
  /** A binary heap, the earliest event time first; equal times by sequence. */
  events: ProjectedEvent[];
}

export interface Counters {
  /** Events applied. */
  applied: number;
  /** Events at or below the watermark, so applied before. */
  repeated: number;
  /** Applied events older than the newest event of their partition. */
  late: number;
  /** Events of partitions or groups beyond the cap. */
  overflow: number;
}

export interface PartitionState {
  key: Scalar[];
  /** The newest event; null while an expected partition has not reported. */
  last: EventMark | null;
  stale: boolean;
  /**
   * With `whenFull`: since when its events are known, epoch ms: event time of its oldest event, or when the rule began to
   * calculate something new. Absent for an expected partition, known since the set's start.
   */
  knownSince?: number;
  /** Stored name of the accumulators, by slot. */
  stores: AccumulatorState[];
  /** Memory of the leaves whose answer depends on the past. */
  memory: LeafMemory[];
  /**
   * Stored name. For each level, the tick at which the partition started to satisfy it; 0 while it does not, UNKNOWN_SINCE
   * while that is unknown.
   */
  holds: number[];
  /**
   * For each level that it satisfies only because `clear` has not held: when `having` stopped holding. Absent if there is
   * none. In a shard: for each level that it would so satisfy if the alert fired then.
   */
  latched?: (Latch | null)[];
  /** When its answers may next change without an event, staleness aside; null: only by an event. */
  moment: number | null;
  /** Values that its own settings brought, by the key of the slot; they do not expire with its data. */
  settings?: Record<string, Sample>;
  /**
   * The value that it contributes (`evaluate: sum`, `avg`, `min`, `max`); absent if it has none. A value that grows with
   * the clock: when it was 0.
   */
  measured?: number;
  /** It is expected, but an event has removed it (`forgetOn`): it is not expected until it reports again. */
  forgotten?: true;
  /** Partial matches (`evaluate: sequence`). */
  sequence?: SequenceState;
  /** With `evaluate: each` and `sequence`. */
  alert?: AlertState;
  /** Stored name. In a coordinator: the evidence of a partition whose values are in a shard. */
  shown?: EvidenceItem;
  /** In a coordinator: what a message may say of it. */
  messageValues?: MessageValues;
}

/** What the templates of a rule name of a partition. */
export interface MessageValues {
  threshold?: unknown;
  event?: Record<string, Scalar>;
}

/**
 * A place in the order of evaluations: version of the rule (its change comes first), position of the event in the order
 * of the set (`Cause.position`) or clock, both in epoch ms, then stream sequence of the event (deadlines come last).
 */
export type LatchMark = [ruleVersion: number, position: number, sequence: number];

/** Why a partition continues to satisfy a level. `unknown`: whether `having` is unknown, else it does not hold. */
export interface Latch {
  mark: LatchMark;
  unknown: boolean;
}

/** Identifies an event by its stream sequence and event time. */
export interface EventMark {
  sequence: number;
  timeMs: number;
  /** W3C Trace Context, if it belongs to a trace. */
  trace?: string;
  /** What messages name of it, by path; long texts are cut. */
  data?: Record<string, Value>;
}

export interface AlertState {
  phase: AlertPhase;
  /** Number of the newest episode; 0 before the first. */
  episode: number;
  severity: Severity;
  /** Changes of severity and of `latched` in this episode; tells several in one millisecond apart. */
  changes: number;
  /** When the condition started to hold; null while it does not. */
  since: number | null;
  /** While firing: when and why the condition stopped holding; null while it holds. */
  ceased: { at: number; reason: CeaseReason } | null;
  /** When the condition last started or stopped holding; a late event changes nothing before that. */
  changedAt: number | null;
  remindAt: number | null;
  /** No event has arrived for `noData.after`. */
  silent: boolean;
  /** It would have resolved, but its rule has `latch`: it fires until somebody acknowledges it. */
  latched?: true;
  /** It fires for silence, and its condition has not held since. */
  bySilence?: true;
  /** `for` or `keepFiringFor` had passed before the event arrived that started or stopped the condition. */
  overdue?: Overdue;
  /** Where levels have their own `for` or `keepFiringFor`, from the least severe. */
  levels?: LevelState[];
  /** Somebody knows that it fires; ends with the episode. */
  acknowledged?: Mark;
  /** Nobody is notified of it. */
  snoozed?: SnoozeMark;
  /** While the set is rebuilt: an acknowledgement of an episode that is still to come. */
  reacknowledge?: { episode: number; mark: Mark };
  /** Time of the newest change of these marks; every change has its own. */
  actedAt?: number;
}

/** What somebody did about an alert. */
export interface Mark {
  by: string;
  /** By the clock of the workflow, epoch ms. */
  at: number;
  note?: string;
}

export interface SnoozeMark extends Mark {
  /** Epoch ms. */
  until: number;
}

/** What an alert remembers of a level. Times in epoch ms. */
export interface LevelState {
  /** The condition has held for `for`, and has not been false for `keepFiringFor` since. */
  on: boolean;
  /** The condition's last result. */
  truth: boolean;
  /** When the condition began, while the level is on or waits for its `for`; else null. */
  since: number | null;
  /** When the condition last started or stopped holding; a late event changes nothing before that. */
  changedAt: number | null;
  /** Why it stopped. */
  reason?: CeaseReason;
  /** `for` or `keepFiringFor` had passed before the event arrived that started or stopped the condition. */
  overdue?: Overdue;
}

/** Time alone decides no earlier than `until`, when that event arrived. */
export interface Overdue {
  until: number;
  /** In the alert of a set across partitions: the key of the partition of that event. */
  by?: string;
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

/** In `PartitionState.holds`: it is unknown whether the partition satisfies the level. */
export const UNKNOWN_SINCE = -1;

/** What a leaf remembers in a partition, if its answer depends on the past. Times in epoch ms. */
export interface LeafMemory {
  /** The comparison's last result. */
  truth: boolean;
  /** When it started to hold; null while it does not. */
  since: number | null;
  /** When it last started or stopped holding; a late event changes nothing before that. */
  changedAt: number | null;
  /** It has held for the leaf's `for`. */
  ripe: boolean;
  /** `for` had passed before the event arrived that started it: that arrival. Time alone decides no earlier. */
  overdueUntil?: number;
}

export const newLeafMemory = (): LeafMemory => ({ truth: false, since: null, changedAt: null, ripe: false });

/** Partial matches of one partition, oldest first. Times in epoch ms. */
export interface SequenceState {
  runs: SequenceRun[];
  /** A match that a `not` completed holds until an event matches the `not`. */
  held: boolean;
  /**
   * For each step, the event time of the newest event that matches its `not` or `unless`. An older event that arrives
   * later does not lead to that step.
   */
  unwanted?: (number | null)[];
  /** If `not` or `unless` compares with values of a match: the newest events, with what it reads of them. */
  recent?: RecentEvent[];
  /** While `held`: the values of the match that it came from. */
  kept?: Value[];
}

/** An event that may yet turn out to be unwanted; in order of (time, sequence). */
export type RecentEvent = [timeMs: number, sequence: number, data: Record<string, Value>];

/** `step` is the next step to match; `at` is when the previous event matched, or the previous `not` passed. */
export interface SequenceRun {
  step: number;
  at: number;
  /** With `times`: how many events of the step have matched; absent if none. */
  count?: number;
  /** With `within` of the sequence: event time of the first event. */
  from?: number;
  /** Values of its events that later steps compare with; null if there is none. */
  kept?: Value[];
  /** The time of the `not` had passed before the last event arrived: that arrival. The `not` passes no earlier. */
  overdueUntil?: number;
}

export const newSequence = (): SequenceState => ({ runs: [], held: false });
