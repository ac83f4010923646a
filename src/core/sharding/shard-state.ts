import type { PartitionSetState } from '../model/partition-set-state.ts';
import type { EvidenceItem, CeaseReason } from '../model/alert.ts';
import type { Scalar } from '../primitives/value.ts';

/*
 * A set that is too large for one workflow is split: shards have its partitions, and its coordinator has what concerns it as a
 * whole. Plain JSON, as all state; times are epoch milliseconds.
 */

/** The state of a shard or of a coordinator. A partition set in one piece has neither. */
export interface PieceState extends PartitionSetState {
  share?: ShardState;
  /** `partitions` are then only those that it can name. */
  assembly?: MergeState;
}

/** How a shard's partitions stand. */
export interface ShardCounts {
  live: number;
  /** Live ones that are on the roster. */
  rosterLive: number;
  /** How many satisfy, by level. */
  holding: number[];
}

/** A partition as its coordinator knows it: enough to name it. */
export interface NamedPartition {
  key: Scalar[];
  /** Whether it satisfies, by level. */
  holds: boolean[];
  /** What an alert says of it; null while it has not reported. */
  item: EvidenceItem | null;
  trace?: string;
}

/** A moment at which a shard came to stand otherwise, or heard something that its coordinator must know of. */
export interface ShardChange {
  /** The set's clock. */
  at: number;
  /** By a deadline; else by an event or by a change of the rule. */
  byClock: boolean;
  /** Stream sequence of the newest event by then. */
  seq: number;
  /** Own time of the event or deadline. */
  time: number;
  ceased: CeaseReason;
  /** Of the shard's newest event by then, own time. */
  lastEventAt: number | null;
  tally: ShardCounts;
  /** Partitions that it concerns, those that came to satisfy last at the end; no more than alerts can name. */
  named: NamedPartition[];
  /** There are more than are named. */
  more: boolean;
  causedBy?: NamedPartition;
}

/** In the state of a shard. */
export interface ShardState {
  /** Which of them it is, 0 … shards − 1. */
  shard: number;
  shards: number;
  /** What its coordinator has not been sent yet, in order. */
  log: ShardChange[];
  /** The newest event, if all it says is that the set is not silent. */
  heard: ShardChange | null;
  /** How things stood at the newest change. */
  noted: { tally: ShardCounts; ticks: number; lastEventAt: number | null };
}

/** In the state of a coordinator: how each shard stood at the newest change that has been judged. */
export interface MergeState {
  tallies: ShardCounts[];
}
