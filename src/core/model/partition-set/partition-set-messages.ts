import type { AlertReason } from '../alert/alert.ts';
import type { StoredRule } from '../stored-rule/stored-rule.ts';
import type { StreamAlert, StreamAlerts } from '../alert/stream-alerts.ts';

/*
 * How a partition set gets missing events again: it asks the reader of its client, which reads them from the stream and
 * sends them between two messages. Readers, workflows and activities share these types.
 */

/** JSON bytes that may wait in a partition set before its reader stops sending events. */
export const MAY_WAIT_BYTES = 1024 * 1024;

/** If a set is in several workflows, so are the alerts of its partitions; one is at most this far ahead of another. */
export const PIECES_APART_MS = 3_600_000;

/**
 * Why a partition set lacks events: its workflow started again although its rule did not change; one of its shards no
 * longer runs; more events arrived than it could keep while its alerts could not be published; somebody has asked for a
 * reset; somebody has reset its workflow; or another version of its rule, with `backfill`, loses state.
 */
export const RECOVERY_REASONS = [
  ...(['begunAnew', 'shardLost', 'inboxOverflow', 'reset'] as const),
  ...(['workflowReset', 'ruleChanged'] as const),
] as const;
export type RecoveryReason = (typeof RECOVERY_REASONS)[number];

/** What a partition set asks its reader for. */
export interface RecoveryRequest {
  clientId: string;
  setId: string;
  /** The same in every repetition of a request. */
  requestId: string;
  reason: RecoveryReason;
  /** Events above this sequence, on top of the current state; null: all since the rule's start, with an empty state. */
  afterSequence: number | null;
  /** It begins with this version of the rule, at its `backfill`; absent: with the first. */
  fromVersion?: number;
  /** The run that began to ask; absent in requests of versions before 0.1. */
  runId?: string;
}

/**
 * What a reader sends around the events that it reads again. Each attempt has its own id, which its event batches
 * carry.
 */
export type RecoveryMessage = { setId: string; requestId: string; attempt: string } & (
  | {
      phase: 'begin';
      /** The rule at the start of the partition set. */
      rule: StoredRule;
      /** When the partition set started, epoch ms; null: with its first event. */
      startedAtMs: number | null;
      /** The stream still holds all events since the start, so alerts get their original ids. */
      isComplete: boolean;
      /** Alerts evaluated before this time were published; null: none. Epoch ms. */
      publishedUntilMs: number | null;
      /** Ids of the shards that the partition set had before it started again: it cancels them. */
      shardIds: string[];
      /** What the alert stream has of the partition set, if that is to be compared. */
      published?: StreamAlerts;
      /** The run that began to ask. */
      runId?: string;
    }
  /** More alerts of the stream than fit into `begin`; before the events. */
  | { phase: 'published'; alerts: StreamAlert[] }
  /** All events have been sent; with the current rule. */
  | { phase: 'end'; rule: StoredRule }
  /** The rule no longer exists: the partition set is about to end. */
  | { phase: 'refused' }
);

/** Asks the reader to stop sending to a partition set for a moment, because this run is about to continue as new. */
export interface PauseRequest {
  clientId: string;
  setId: string;
  runId: string;
}

export interface PartitionSetEnd {
  setId?: string;
  reason: Extract<AlertReason, 'ruleDeleted' | 'ruleDisabled' | 'ruleUpdated' | 'ruleResumed'>;
  atMs: number;
  /** Versions of the rule above this one start the partition set again. */
  version: number;
}
