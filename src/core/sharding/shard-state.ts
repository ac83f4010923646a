import type { PartitionSetState } from '../model/partition-set-state.ts';
import type { EvidenceItem, CeaseReason } from '../model/alert.ts';
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
}

/** A partition as its coordinator knows it: enough to name it in an alert. */
export interface NamedPartition {
  key: Scalar[];
  /** Stored name: whether it satisfies, by level. */
  holds: boolean[];
  /** Its evidence; null while it has not reported. */
  item: EvidenceItem | null;
  trace?: string;
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
  /** There are more than `named` lists. */
  more: boolean;
  causedBy?: NamedPartition;
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

/** The state of a coordinator: each shard's counts at the newest judged change. */
export interface MergeState {
  tallies: ShardCounts[];
}
