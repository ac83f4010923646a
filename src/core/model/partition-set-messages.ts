import type { AlertReason } from './alert.ts';
import type { StoredRule } from './stored-rule.ts';

/*
 * How a partition set gets events again that it lacks: it asks the reader of its client, which reads them from the stream, and sends
 * them between two messages. Readers, workflows and activities agree on these shapes.
 */

/** What may wait in a set before a reader holds its events back, bytes of JSON. */
export const MAY_WAIT_BYTES = 1024 * 1024;

/**
 * Why a set lacks events: its workflow began anew although its rule did not change; a shard of it does not run any more; or more came
 * than it could keep while its alerts could not be published.
 */
export type RecoveryReason = 'begunAnew' | 'shardLost' | 'inboxOverflow';

/** What a set asks its reader for. */
export interface RecoveryRequest {
  clientId: string;
  setId: string;
  /** The same for as long as the set asks for the same. */
  requestId: string;
  reason: RecoveryReason;
  /** Events above this sequence, on top of the present state; null: all since the rule's start, with an empty state. */
  afterSequence: number | null;
}

/** What a reader says around the events that it reads again. Each attempt has an id of its own, which its batches of events carry. */
export type RecoveryMessage = { setId: string; requestId: string; attempt: string } & (
  | {
      phase: 'begin';
      /** The rule as it was at the set's start. */
      rule: StoredRule;
      /** When the set started, epoch ms; null: with the first event. */
      startedAtMs: number | null;
      /** The stream still holds all events since then, so the set gives its alerts the ids that they had. */
      isComplete: boolean;
      /** Alerts evaluated before this moment were published; null: none was. Epoch ms. */
      publishedUntilMs: number | null;
      /** Ids of the shards that the set has had: it does not know them, and cancels them. */
      shardIds: string[];
    }
  /** All events have been sent; the rule as it stands. */
  | { phase: 'end'; rule: StoredRule }
  /** There is no such rule any more: the set is about to be ended. */
  | { phase: 'refused' }
);

/** Asks the reader to send a partition set nothing for a moment, as this run of it is about to continue as new. */
export interface PauseRequest {
  clientId: string;
  setId: string;
  runId: string;
}

export interface PartitionSetEnd {
  setId?: string;
  reason: Extract<AlertReason, 'ruleDeleted' | 'ruleDisabled' | 'ruleUpdated'>;
  atMs: number;
  /** Versions of the rule above this one begin the set anew. */
  version: number;
}
