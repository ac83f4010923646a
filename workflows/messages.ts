import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { AlertEnvelope, AlertPhase } from '../src/core/model/alert.ts';
import type { Rule } from '../src/core/model/rule-schema.ts';
import type { ProjectedEvent } from '../src/core/model/projected-event.ts';
import type {
  RecoveryMessage,
  RecoveryReason,
  RecoveryRequest,
  PartitionSetEnd,
} from '../src/core/model/partition-set-messages.ts';
import type { PartitionSetState } from '../src/core/model/partition-set-state.ts';
import type { StoredRule } from '../src/core/model/stored-rule.ts';
import type { Scalar } from '../src/core/primitives/value.ts';
import type { CoordinatorState } from './shard/messages.ts';

export const RULE_SET_WORKFLOW = 'ruleSet';
/** One shard of a set that is too large for one workflow. */
export const RULE_SHARD_WORKFLOW = 'ruleShard';
export const SEARCH_ATTRIBUTES = {
  clientId: 'ClientId',
  ruleId: 'RuleId',
  ruleStatus: 'RuleStatus',
  ruleVersion: 'RuleVersion',
} as const;

/** Input of a set's first run, and (with `carried`) of every run after a continue-as-new. */
export interface PartitionSetInput extends StoredRule {
  group: Scalar[];
  /** Events stored before this moment are not for this set, epoch ms. */
  startedAtMs: number;
  /** The set ran before, and ended otherwise than by its rule: it asks the reader for all its events again. */
  isBegunAnew?: boolean;
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
  state: PartitionSetState;
  /** Alerts that are not known to be published yet. Their ids make a repeated publish harmless. */
  outbox: AlertEnvelope[];
  /** What the search attribute RuleStatus says. */
  status: AlertPhase;
  /** Of a coordinator. */
  desk?: CoordinatorState;
  /** Messages that came while the outbox was full, in order. */
  inbox?: PartitionSetMessage[];
  /** While the set is rebuilt from the stream. */
  recovery?: RecoveryState;
  /** Messages that wait until the set is rebuilt. */
  deferred?: PartitionSetMessage[];
}

/** Events in sequence order, as this version of the rule wants them. Carries the rule where the set may not know the version yet. */
export interface EventBatch {
  /** The workflow that it is for; absent in signals of versions before 0.1. */
  setId?: string;
  version: number;
  rule?: StoredRule;
  events: ProjectedEvent[];
  /** Of which attempt to rebuild the set it is part; absent outside of one. */
  attempt?: string;
}

/** What a set takes in the order in which it came. */
export type PartitionSetMessage =
  | { kind: 'events'; batch: EventBatch; /** Events of it that were handled. */ done: number }
  | { kind: 'rule'; rule: StoredRule }
  | { kind: 'end'; end: PartitionSetEnd };

export interface RecoveryState extends Omit<RecoveryRequest, 'clientId' | 'setId'> {
  /** Epoch ms. */
  sinceMs: number;
  /** The attempt of a reader that is under way; null: none has begun yet. */
  attempt: string | null;
  /** Alerts up to this moment have been published before; null: none are known. Epoch ms. */
  publishedUntilMs: number | null;
  /** The stream still holds all events since the rule's start: alerts get the ids that they had. */
  isComplete: boolean;
  /** The set starts with the first event of its group. */
  startsWithEvent: boolean;
}

/** What the query `state` answers. */
export interface PartitionSetView {
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
  /** Of a coordinator: its shards, and the messages to them that wait. */
  shards?: { ids: string[]; waiting: number };
  /** Why and since when (ISO 8601) the set is rebuilt from the stream; absent when it is not. */
  recovery?: { reason: RecoveryReason; since: string };
  state: PartitionSetState;
}

/*
 * Temporal stores the names of workflow types, signals, queries and activities in histories: they never change.
 */
export const eventsSignal = defineSignal<[EventBatch]>('events');
export const ruleSignal = defineSignal<[StoredRule]>('rule');
export const endSignal = defineSignal<[PartitionSetEnd]>('end');
export const recoverySignal = defineSignal<[RecoveryMessage]>('recovery');
/** In the workflow's memo: bytes of JSON that the set cannot apply, publish or pass on; 0 or absent while it keeps up. A stored name. */
export const BACKLOG_MEMO = 'waitingBytes';

/** How much a set cannot take, publish or send on to its shards at the moment, bytes of JSON: above MAY_WAIT_BYTES, events should wait. */
export const waitingQuery = defineQuery<number>('waiting');
export const stateQuery = defineQuery<PartitionSetView>('state');
