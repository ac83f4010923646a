import { defineSignal } from '@temporalio/workflow';
import type { AlertComparison } from '../../src/core/evaluation/correction/compare-published.ts';
import type { AlertEnvelope, AlertPhase, AlertReason } from '../../src/core/model/alert/alert.ts';
import type { StoredState } from '../../src/core/packing/pack-state.ts';
import type { ShardReport } from '../../src/core/sharding/merge.ts';
import type { ProjectedEvent } from '../../src/core/model/event/projected-event.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set/partition-set-messages.ts';
import type { ShardChange, PieceState } from '../../src/core/sharding/shard-state.ts';
import type { StreamAlert } from '../../src/core/model/alert/stream-alerts.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import type { Muted } from '../../src/core/evaluation/correction/correct-alerts.ts';
import type { NewStart } from '../../src/core/evaluation/generation.ts';

/*
 * Temporal stores these messages and states, so their field names and kinds never change: a `round` or `cut` is a
 * barrier, `letters` are messages, `boxes` are shard outboxes, `notices` are reports and requests, `holders` are
 * satisfying partitions, and `birth` is the input of a shard that is not started yet.
 */

/** Input of a shard's first run, and of every run after a continue-as-new. */
export interface ShardInput extends StoredRule {
  /** The workflow id of its coordinator. */
  setId: string;
  /** Identifies the split of the set. */
  epoch: string;
  state: StoredState<PieceState>;
  /** Signals that one run handles before it continues as new. */
  signalsPerRun?: number;
  outbox: AlertEnvelope[];
  status: AlertPhase;
  /** Reports not sent to the coordinator yet, in order. */
  notices: ShardNotice[];
  /** What it has asked its coordinator for since the last barrier. */
  asked: Asked;
  /** Messages that arrived while its outbox was full, in order. */
  inbox?: ShardMessage[];
  /** The newest barrier that it has reported. */
  round?: number;
  /** What the alert stream has of its partitions: the set was split while it was compared with that. */
  comparison?: AlertComparison;
  /** It publishes nothing. */
  muted?: Muted;
}

/** What a coordinator sends to a shard. A message with a `round` is a barrier: the shard must report. */
export type ShardMessage =
  /** `partitionsMax`: how many partitions the shard may have, by the quota of the client. */
  | { kind: 'events'; events: ProjectedEvent[]; partitionsMax?: number }
  /** More of what the alert stream has of its partitions: before the events. */
  | { kind: 'published'; alerts: StreamAlert[] }
  /**
   * Every event stored up to `untilMs` (epoch ms) was sent before. `atMs`: when the newest event of the set arrived.
   */
  | ({ kind: 'cut'; round: number; untilMs: number; atMs?: number } & CutExtras)
  /**
   * `atMs`: when the rule changes, epoch ms; absent in messages of versions before 0.1: when the shard handles it.
   * `opens`: the set, which is muted, begins again.
   */
  | { kind: 'rule'; round: number; rule: StoredRule; atMs?: number; opens?: NewStart }
  | { kind: 'end'; round: number; end: PartitionSetEnd };

/** What else happens at a barrier. */
export interface CutExtras {
  /** The comparison with the alert stream ends, and what differs is published. */
  corrects?: true;
  /** From here on, nothing is published; why alerts resolve that do not fire in the end. */
  mutes?: AlertReason;
  /** What differs from what was published before is published. */
  unmutes?: true;
}

export type BarrierMessage = Exclude<ShardMessage, { kind: 'events' | 'published' }>;

/** What a shard sends to its coordinator. */
export type ShardNotice = {
  /** The workflow id of the receiver; absent in messages of versions before 0.1. */
  setId?: string;
  /** Identifies the split of the set. */
  epoch: string;
} & (
  | ({
      kind: 'report';
      round: number;
      isLast: boolean;
      /** For a new rule: the shard's counts under it. */
      after: ShardChange | null;
    } & ShardReport)
  /** It has recorded changes to report, or a deadline is due. */
  | {
      kind: 'ask';
      shard: number;
      asked: Asked;
      status: AlertPhase;
      /** Its outbox is full: it handles nothing for now. */
      isHeld?: boolean;
    }
  /** Its coordinator asks for a barrier that it has already reported: the coordinator was reset. */
  | { kind: 'conflict'; shard: number; round: number }
);

export interface Asked {
  /** It asks for a barrier, because it has changes to report. */
  cut: boolean;
  /** Time of the due deadline, epoch ms; null: none. */
  dueAt: number | null;
}

/** The receiver; absent in messages of versions before 0.1. The id includes the set and the split. */
export interface Address {
  shardId: string;
}

/** Names that Temporal stores in histories: they never change. */
export const lettersSignal = defineSignal<[ShardMessage[], Address?]>('letters');
export const noticeSignal = defineSignal<[ShardNotice]>('notice');

/** A request to all shards, with the reports so far. */
export interface Barrier {
  letter: BarrierMessage;
  reports: ShardReport[];
  /** For a new rule: each shard's counts under it. */
  after: (ShardChange | null)[];
  /** Shards that have not reported yet. */
  missing: number[];
}

/** The state that a coordinator carries from run to run. */
export interface CoordinatorState {
  /** Identifies one split of the set. */
  epoch: string;
  boxes: ShardOutbox[];
  /** Number of the newest barrier. */
  round: number;
  /** Incomplete barriers, in the order in which they started. */
  rounds: Barrier[];
  newestAtMs: number;
  wantsCut: boolean;
  dueAt: number | null;
  statuses: AlertPhase[];
  /** Shards whose outboxes are full: they handle nothing for now. */
  held?: number[];
  /** What the set's own alert is compared with, until the shards have reported the barrier that corrects alerts. */
  comparison?: AlertComparison;
  /** While the set's own alert is not published. */
  muted?: Muted;
}

/** Messages waiting for one shard, in order. */
export interface ShardOutbox {
  shardId: string;
  /** Input with which to start the shard; null: it runs. */
  birth: ShardInput | null;
  letters: ShardMessage[];
}
