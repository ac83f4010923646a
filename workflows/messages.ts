import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ExplainRequest } from '../src/core/explain/explain.ts';
import type { Explanation } from '../src/core/explain/explanation.ts';
import type { PartitionPage, PartitionsRequest } from '../src/core/explain/list-partitions.ts';
import type { AlertComparison } from '../src/core/evaluation/correction/compare-published.ts';
import type { AlertsBefore, Muted } from '../src/core/evaluation/correction/correct-alerts.ts';
import type { KeptMarks } from '../src/core/evaluation/actions/keep-marks.ts';
import type { AlertEnvelope, AlertPhase } from '../src/core/model/alert/alert.ts';
import type { ActionInput, ActionResult, AlertAction } from '../src/core/model/alert/operator-action.ts';
import type { PausedNow } from '../src/core/model/stored-rule/rule-pause.ts';
import type { Rule } from '../src/core/model/rule/rule-schema.ts';
import type { StoredState } from '../src/core/packing/pack-state.ts';
import type { StoredAlerts } from '../src/core/packing/pack-alerts.ts';
import type { ProjectedEvent } from '../src/core/model/event/projected-event.ts';
import type {
  RecoveryMessage,
  RecoveryReason,
  RecoveryRequest,
  PartitionSetEnd,
} from '../src/core/model/partition-set/partition-set-messages.ts';
import type { PartitionSetState } from '../src/core/model/partition-set/partition-set-state.ts';
import type { StoredRule } from '../src/core/model/stored-rule/stored-rule.ts';
import type { StreamAlert, StreamAlerts } from '../src/core/model/alert/stream-alerts.ts';
import type { Scalar } from '../src/core/primitives/value.ts';
import type { CoordinatorState } from './shard/messages.ts';

export const RULE_SET_WORKFLOW = 'ruleSet';
/** Workflow type of one shard of a partition set that is too large for one workflow. */
export const RULE_SHARD_WORKFLOW = 'ruleShard';
export const SEARCH_ATTRIBUTES = {
  clientId: 'ClientId',
  ruleId: 'RuleId',
  ruleStatus: 'RuleStatus',
  ruleVersion: 'RuleVersion',
} as const;

/** Input of a partition set's first run and, with `carried`, of every run after a continue-as-new. */
export interface PartitionSetInput extends StoredRule {
  group: Scalar[];
  /**
   * The partition set ignores events stored before this time, epoch ms. One that starts before the rule was stored is
   * muted until then.
   */
  startedAtMs: number;
  /** The partition set ran before and ended without its rule ending it: it asks the reader for all its events again. */
  isBegunAnew?: boolean;
  /** Signals that one run handles before it continues as new. */
  signalsPerRun?: number;
  /** When to split the set, and into how many shards; tests split small sets. */
  split?: SplitPlan;
  carried?: CarriedState;
}

export interface SplitPlan {
  /** Weight of its state above which it is split, bytes. */
  atBytes: number;
  shards: number;
}

export interface CarriedState {
  state: StoredState;
  /** Alerts not known to be published yet. Their ids make publishing them again harmless. */
  outbox: AlertEnvelope[];
  /** Value of the search attribute RuleStatus. */
  status: AlertPhase;
  /** Why the set has ended, while its last alerts are not published. */
  ended?: PartitionSetEnd;
  /** Stored name of the state of a coordinator. */
  desk?: CoordinatorState;
  /** Messages that arrived while the outbox was full, in order. */
  inbox?: PartitionSetMessage[];
  /** Set while the partition set is rebuilt from the stream. */
  recovery?: StoredRecovery;
  /** Messages deferred until the partition set is rebuilt. */
  deferred?: PartitionSetMessage[];
  /** Set while the partition set publishes nothing. */
  muted?: StoredMuted;
}

/** As a run gets them: alerts packed by column. */
export type StoredRecovery = Omit<RecoveryState, 'before'> & { before?: StoredAlerts<AlertsBefore> | null };
export type StoredMuted = Omit<MutedState, 'before'> & { before: StoredAlerts };

/** For how long a partition set publishes nothing. If other workflows have its state, `before` is empty: each has its own. */
export interface MutedState extends Muted {
  /** It publishes again when it has applied everything stored before this time, epoch ms. */
  untilMs: number;
}

/**
 * Events in sequence order, projected for this version of the rule. Carries the rule if the set may not know the
 * version yet.
 */
export interface EventBatch {
  /** The workflow id of the receiver; absent in signals of versions before 0.1. */
  setId?: string;
  version: number;
  rule?: StoredRule;
  events: ProjectedEvent[];
  /** The recovery attempt that it belongs to; absent outside a recovery. */
  attempt?: string;
  /** How many partitions the set may have, by the quota of its client; absent without one. */
  partitionsMax?: number;
}

/** A message of a partition set; handled in order of arrival. */
export type PartitionSetMessage =
  | { kind: 'events'; batch: EventBatch; /** Number of its events that are handled. */ done: number }
  | { kind: 'rule'; rule: StoredRule }
  | { kind: 'end'; end: PartitionSetEnd }
  /** More alerts of the stream that the set is compared with. */
  | { kind: 'published'; alerts: StreamAlert[] }
  /** The reader has sent all events that the set lacked; with the current rule. */
  | { kind: 'recovered'; rule: StoredRule };

export interface RecoveryState extends Omit<RecoveryRequest, 'clientId' | 'setId'> {
  /** Epoch ms. */
  sinceMs: number;
  /** The reader's attempt in progress; null: none has started. */
  attempt: string | null;
  /** Alerts up to this time were published before; null: none known. Epoch ms. */
  publishedUntilMs: number | null;
  /** The stream still holds all events since the rule's start: alerts get their original ids. */
  isComplete: boolean;
  /** The partition set starts with the first event of its group. */
  startsWithEvent: boolean;
  /** What people did about its alerts, which the stream does not have; absent if there is nothing. */
  marks?: KeptMarks;
  /** During a reset: the alerts that the partition set had published; null once it is where it was. */
  before?: AlertsBefore | null;
  /** After a reset of the workflow: ids of the alerts that it had not published then. */
  waiting?: string[];
  /** What the alert stream has, until the partition set has opened. */
  published?: StreamAlerts;
  /** The comparison with it; null once the partition set is past what the alert stream has. */
  comparison?: AlertComparison | null;
}

/** Who asks for a reset, for the history of the workflow. */
export interface ResetRequest {
  by?: string;
}

/** The answer of the query `state`. */
export interface PartitionSetView {
  rule: Rule;
  status: AlertPhase;
  live: number;
  satisfying: number;
  /** Earliest deadline, ISO 8601, or null. */
  nextDeadline: string | null;
  /** Alerts waiting to be published. */
  unpublished: number;
  /** Heartbeats of this run that were dropped because they were too old when they came up. */
  staleHeartbeats: number;
  /** Internal errors while handling messages, newest last; empty unless there is a bug. */
  faults: string[];
  /** For a coordinator: the ids of its shards, and the number of messages waiting for them. */
  shards?: { ids: string[]; waiting: number };
  /** Why and since when (ISO 8601) the partition set is being rebuilt from the stream; absent if it is not. */
  recovery?: { reason: RecoveryReason; since: string };
  /** Until when (time of the stream, ISO 8601) the partition set publishes nothing; absent if it does. */
  muted?: { until: string };
  /** While its rule is paused. */
  paused?: PausedNow;
  state: PartitionSetState;
}

/*
 * Temporal stores the names of workflow types, signals, queries, updates and activities in histories: they never change.
 */
export const eventsSignal = defineSignal<[EventBatch]>('events');
export const ruleSignal = defineSignal<[StoredRule]>('rule');
export const endSignal = defineSignal<[PartitionSetEnd]>('end');
export const recoverySignal = defineSignal<[RecoveryMessage]>('recovery');
/** In the workflow's memo: JSON bytes that wait in the set; 0 or absent while it keeps up. A stored name. */
export const BACKLOG_MEMO = 'waitingBytes';

/**
 * JSON bytes that a partition set cannot handle, publish or forward to its shards yet: above MAY_WAIT_BYTES, the reader
 * holds events back.
 */
export const waitingQuery = defineQuery<number>('waiting');
export const stateQuery = defineQuery<PartitionSetView>('state');
/** Part of the partitions of a set or a shard. */
export const partitionsQuery = defineQuery<PartitionPage, [PartitionsRequest?]>('partitions');
export const explainQuery = defineQuery<Explanation, [ExplainRequest?]>('explain');

const action = (name: AlertAction) => defineUpdate<ActionResult, [ActionInput]>(name);
/** Actions on an alert, for the workflow that holds it. */
export const ACTION_UPDATES = {
  acknowledge: action('acknowledge'),
  unacknowledge: action('unacknowledge'),
  snooze: action('snooze'),
  unsnooze: action('unsnooze'),
};
/** Rebuilds the partition set from the event stream, and publishes the difference to what it had published. */
export const resetUpdate = defineUpdate<null, [ResetRequest]>('reset');
