import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { AlertEnvelope, AlertPhase, AlertReason, Scalar } from '../src/core/alert.ts';
import type { Rule } from '../src/core/rule-schema.ts';
import type { SetEvent } from '../src/core/set-event.ts';
import type { StoredRule } from '../src/core/stored-rule.ts';
import type { SetState } from '../src/core/state.ts';
import type { DeskState } from './shard-desk.ts';

export const RULE_SET_WORKFLOW = 'ruleSet';
/** One shard of a set that is too large for one workflow. */
export const RULE_SHARD_WORKFLOW = 'ruleShard';
export const SEARCH_ATTRIBUTES = { clientId: 'ClientId', ruleId: 'RuleId', ruleStatus: 'RuleStatus', ruleVersion: 'RuleVersion' } as const;

/** Input of a set's first run, and (with `carried`) of every run after a continue-as-new. */
export interface SetInput extends StoredRule {
  group: Scalar[];
  /** Events stored before this moment are not for this set, epoch ms. */
  startedAtMs: number;
  /** Signals that one run takes before it continues as new. */
  signalsPerRun?: number;
  /** When a set is split, and over how many; tests split small ones. */
  split?: SplitPlan;
  carried?: CarriedState;
}

export interface SplitPlan {
  /** Weight of its state from which on it is split, bytes. */
  atBytes: number;
  shards: number;
}

export interface CarriedState {
  state: SetState;
  /** Alerts that are not known to be published yet. Their ids make a repeated publish harmless. */
  outbox: AlertEnvelope[];
  /** What the search attribute RuleStatus says. */
  status: AlertPhase;
  /** Of a head. */
  desk?: DeskState;
}

/** Events in sequence order, as this version of the rule wants them. Carries the rule where the set may not know the version yet. */
export interface EventBatch {
  version: number;
  rule?: StoredRule;
  events: SetEvent[];
}

export interface SetEnd {
  reason: Extract<AlertReason, 'ruleDeleted' | 'ruleDisabled' | 'ruleUpdated'>;
  atMs: number;
  /** Versions of the rule above this one begin the set anew. */
  version: number;
}

/** What the query `state` answers. */
export interface SetView {
  rule: Rule;
  status: AlertPhase;
  live: number;
  satisfying: number;
  /** ISO 8601 of the earliest deadline, or null. */
  nextDeadline: string | null;
  /** Alerts that wait to be published. */
  unpublished: number;
  /** Heartbeats of this run that were too old to be published when they came up. */
  staleHeartbeats: number;
  /** Faults of vigil itself while handling messages, newest last; empty unless there is a bug. */
  faults: string[];
  /** Of a head: its shards, and the letters to them that wait. */
  shards?: { ids: string[]; waiting: number };
  state: SetState;
}

export const eventsSignal = defineSignal<[EventBatch]>('events');
export const ruleSignal = defineSignal<[StoredRule]>('rule');
export const endSignal = defineSignal<[SetEnd]>('end');
/** How much a head has not sent on to its shards yet, characters of JSON; 0 for a set in one piece. */
export const waitingQuery = defineQuery<number>('waiting');
export const stateQuery = defineQuery<SetView>('state');
