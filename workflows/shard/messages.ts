import { defineSignal } from '@temporalio/workflow';
import type { AlertEnvelope, AlertPhase } from '../../src/core/model/alert.ts';
import type { ShardReport } from '../../src/core/sharding/merge.ts';
import type { ProjectedEvent } from '../../src/core/model/projected-event.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set-messages.ts';
import type { ShardChange, PieceState } from '../../src/core/sharding/shard-state.ts';
import type { StoredRule } from '../../src/core/model/stored-rule.ts';

/** Input of a shard's first run, and of every run after a continue-as-new. */
export interface ShardInput extends StoredRule {
  /** The workflow id of its coordinator. */
  setId: string;
  /** Of which split of the set. */
  epoch: string;
  state: PieceState;
  /** Signals that one run takes before it continues as new. */
  signalsPerRun?: number;
  outbox: AlertEnvelope[];
  status: AlertPhase;
  /** What its coordinator has not been sent yet, in order. */
  notices: ShardNotice[];
  /** What it has asked its coordinator for, since the last cut. */
  asked: Asked;
  /** Messages that came while its outbox was full, in order. */
  inbox?: ShardMessage[];
  /** The newest barrier that it has reported. */
  round?: number;
}

/** What a coordinator says to a shard. With a `barrier`, it wants a report. */
export type ShardMessage =
  | { kind: 'events'; events: ProjectedEvent[] }
  /** Every event stored up to `untilMs` (epoch ms) has been sent before. */
  | { kind: 'cut'; round: number; untilMs: number }
  /** `atMs`: when it changes, epoch ms; absent in letters of versions before 0.1: when the shard takes it. */
  | { kind: 'rule'; round: number; rule: StoredRule; atMs?: number }
  | { kind: 'end'; round: number; end: PartitionSetEnd };

export type BarrierMessage = Exclude<ShardMessage, { kind: 'events' }>;

/** What a shard says to its coordinator. */
export type ShardNotice = {
  /** The workflow that it is for; absent in those of versions before 0.1. */ setId?: string;
  /** Of which split of the set. */ epoch: string;
} & (
  | ({
      kind: 'report';
      round: number;
      isLast: boolean;
      /** With a new rule: how things stand by it. */ after: ShardChange | null;
    } & ShardReport)
  /** It has something to tell, or time must go on: a moment is due. */
  | {
      kind: 'ask';
      shard: number;
      asked: Asked;
      status: AlertPhase;
      /** Its outbox is full: it takes nothing for now. */ isHeld?: boolean;
    }
  /** Its head asks for a round that it has reported already: the head was reset. */
  | { kind: 'conflict'; shard: number; round: number }
);

export interface Asked {
  cut: boolean;
  /** Epoch ms; null: nothing is due. */
  dueAt: number | null;
}

/** Whom messages are for; absent in those of versions before 0.1. Its id holds the set and the split. */
export interface Address {
  shardId: string;
}

/** Names that Temporal stores in histories: they never change. */
export const lettersSignal = defineSignal<[ShardMessage[], Address?]>('letters');
export const noticeSignal = defineSignal<[ShardNotice]>('notice');

/** A question to all shards, and what they have answered so far. */
export interface Barrier {
  letter: BarrierMessage;
  reports: ShardReport[];
  /** With a new rule: how each shard stands by it. */
  after: (ShardChange | null)[];
  /** Shards that have not reported yet. */
  missing: number[];
}

/** What a coordinator carries from run to run. */
export interface CoordinatorState {
  /** Tells the shards of one split from those of any other of the same set. */
  epoch: string;
  boxes: ShardOutbox[];
  /** Number of the newest barrier. */
  round: number;
  /** Those that are not complete; they come in the order in which they were begun. */
  rounds: Barrier[];
  newestAtMs: number;
  wantsCut: boolean;
  dueAt: number | null;
  statuses: AlertPhase[];
  /** Shards whose outboxes are full: they take nothing for now. */
  held?: number[];
}

/** What waits for one shard, in order. */
export interface ShardOutbox {
  shardId: string;
  /** With what it is to be started; null: it runs. */
  birth: ShardInput | null;
  letters: ShardMessage[];
}
