import { defineSignal } from '@temporalio/workflow';
import type { AlertEnvelope, AlertPhase } from '../src/core/alert.ts';
import type { ShardReport } from '../src/core/assembly.ts';
import type { Change } from '../src/core/shard-state.ts';
import type { SetEvent } from '../src/core/set-event.ts';
import type { SetState } from '../src/core/state.ts';
import type { StoredRule } from '../src/core/stored-rule.ts';
import type { SetEnd } from './messages.ts';

/** Input of a shard's first run, and of every run after a continue-as-new. */
export interface ShardInput extends StoredRule {
  /** The workflow id of its head. */
  setId: string;
  /** Of which splitting of the set. */
  epoch: string;
  state: SetState;
  /** Signals that one run takes before it continues as new. */
  signalsPerRun?: number;
  outbox: AlertEnvelope[];
  status: AlertPhase;
  /** What its head has not been told yet, in order. */
  notices: Notice[];
  /** What it has asked its head for, since the last cut. */
  asked: Asked;
}

/** What a head says to a shard. With a `round`, it wants a report. */
export type ShardLetter =
  | { kind: 'events'; events: SetEvent[] }
  /** Every event stored up to `untilMs` (epoch ms) has been sent before. */
  | { kind: 'cut'; round: number; untilMs: number }
  | { kind: 'rule'; round: number; rule: StoredRule }
  | { kind: 'end'; round: number; end: SetEnd };

export type RoundLetter = Exclude<ShardLetter, { kind: 'events' }>;

/** What a shard says to its head. */
export type Notice = { /** Of which splitting of the set. */ epoch: string } & (
  | ({ kind: 'report'; round: number; isLast: boolean; /** With a new rule: how things stand by it. */ after: Change | null } & ShardReport)
  /** It has something to tell, or time must go on: a moment is due. */
  | { kind: 'ask'; shard: number; asked: Asked; status: AlertPhase }
);

export interface Asked {
  cut: boolean;
  /** Epoch ms; null: nothing is due. */
  dueAt: number | null;
}

export const lettersSignal = defineSignal<[ShardLetter[]]>('letters');
export const noticeSignal = defineSignal<[Notice]>('notice');
