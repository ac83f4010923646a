import type { ValuesKnown } from '../partition-set/values/across.ts';
import type { Latch, LatchMark, PartitionSetState, MessageValues } from '../model/partition-set/partition-set-state.ts';
import type { LatchChange } from '../partition-set/partition-set.ts';
import type { EvidenceItem, CeaseReason } from '../model/alert/alert.ts';
import type { Scalar } from '../primitives/value.ts';

/*
 * A partition set that is too large for one workflow is split: shards hold its partitions, and a coordinator judges the
 * set as a whole. Plain JSON; field names are stored, so they never change. Times in epoch milliseconds.
 */

/** The state of a shard (`share`) or of a coordinator (`assembly`). A whole partition set has neither. */
export interface PieceState extends PartitionSetState {
  /** Stored name of the shard state. */
  share?: ShardState;
  /** Stored name of the merge state. `partitions` then holds only those that the coordinator can name. */
  assembly?: MergeState;
}

/** Counts of a shard's partitions. */
export interface ShardCounts {
  live: number;
  /** Live ones that are on the roster. */
  rosterLive: number;
  /** Number that satisfy, by level. */
  holding: number[];
  /** Number that are unknown, by level; absent if none is. */
  unknown?: number[];
  /** Number of the roster that are forgotten; absent if none is. */
  forgotten?: number;
  /** With `evaluate: sum`, `avg`, `min` and `max`: its part of the value. */
  part?: ValuesKnown;
}

/** A partition as its coordinator knows it: enough to name it in an alert. */
export interface NamedPartition {
  key: Scalar[];
  /** Stored name: whether it satisfies, by level. */
  holds: boolean[];
  /** By level (`PartitionState.latched`). */
  latched?: (Latch | null)[];
  /** Its evidence; null while it has not reported. */
  item: EvidenceItem | null;
  trace?: string;
  messageValues?: MessageValues;
}

/** A change of a shard's counts, or an event that its coordinator must know. */
export interface ShardChange {
  /** The set's clock. */
  at: number;
  /** Caused by a deadline; else by an event or by a change of the rule. */
  byClock: boolean;
  /** Stream sequence of the event; without one, of the newest event at that time. */
  seq: number;
  /** Event time of the event, or time of the deadline. */
  time: number;
  /** When the event arrived; absent for a deadline. */
  arrivedAt?: number;
  /** Where it belongs in the order of the set, if that is before `at`. */
  position?: number;
  ceased: CeaseReason;
  /** Event time of the shard's newest event at that time. */
  lastEventAt: number | null;
  tally: ShardCounts;
  /** Changed partitions, newest to satisfy last; no more than alerts can name. */
  named: NamedPartition[];
  /** Changes of the marks of its partitions, for rules with `clear`. */
  latched?: LatchChange[];
  /** There are more than `named` lists. */
  more: boolean;
  causedBy?: NamedPartition;
  /** The event changed the other shards, too: its changes are one. */
  shared?: true;
}

/** The state of a shard. */
export interface ShardState {
  /** Index of the shard, 0 … shards − 1. */
  shard: number;
  shards: number;
  /** Changes not sent to the coordinator yet, in order. */
  log: ShardChange[];
  /** Stored name: the newest event, if it shows only that the set is not silent. */
  heard: ShardChange | null;
  /** Stored name: the counts at the newest recorded change. */
  noted: { tally: ShardCounts; ticks: number; lastEventAt: number | null };
}

/** The partitions that are latched, by level. */
export interface LatchCounts {
  /** Where the alert began to fire: later marks count. */
  from: LatchMark;
  counts: number[];
  /** Those of which `having` is unknown, which their shards count as unknown too. */
  unknown: number[];
}

/** The state of a coordinator: each shard's counts at the newest judged change. */
export interface MergeState {
  tallies: ShardCounts[];
  /** While the alert of a rule with `clear` fires. */
  latches?: LatchCounts;
}
