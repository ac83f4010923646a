import { activityInfo, ApplicationFailure, cancelled, heartbeat } from '@temporalio/activity';
import type { AlertEnvelope } from '../src/core/model/alert.ts';
import { ruleOfPartitionSet } from '../src/core/model/ids.ts';
import type { PauseRequest, RecoveryRequest } from '../src/core/model/partition-set-messages.ts';

/** What the activities need of the world; the worker's process gives it, tests give their own. */
export interface ActivityDeps {
  alerts: AlertPublisher;
  reader: ReaderPort;
}

export interface AlertPublisher {
  /** Publishes in order; resolves when the stream has all of them. A repeated id is taken once. */
  publish(alerts: readonly AlertEnvelope[]): Promise<void>;
}

export interface ReaderPort {
  /**
   * Answers once the reader has delivered every event of the client stored up to `deadlineMs`: with the moment up to which it has.
   * Earlier than asked only where the stream's clock is behind. Epoch ms. Rejects when no reader answers.
   */
  seenUntil(clientId: string, deadlineMs: number): Promise<number>;
  /** Asks the reader to send events of a partition set again. Resolves when it has begun, or is at it already. Rejects when no reader answers. */
  recover(request: RecoveryRequest): Promise<void>;
  /** Asks the reader to send a partition set nothing until its next run has begun, or a moment is over. Resolves when nothing is under way to it. Rejects when no reader answers. */
  pause(request: PauseRequest): Promise<void>;
}

export function createActivities({ alerts, reader }: ActivityDeps) {
  return {
    async publishAlerts(batch: AlertEnvelope[]): Promise<void> {
      assertOwn(batch);
      await beating(() => alerts.publish(batch));
    },

    async seenUntil(clientId: string, deadlineMs: number): Promise<number> {
      const untilMs = await beating(() => reader.seenUntil(clientId, deadlineMs));
      if (!Number.isFinite(untilMs)) throw ApplicationFailure.retryable(`the reader answered ${untilMs}`);
      return untilMs;
    },

    async requestRecovery(request: RecoveryRequest): Promise<void> {
      await reader.recover(request);
    },

    async pauseReader(request: PauseRequest): Promise<void> {
      await reader.pause(request);
    },
  };
}

export type Activities = ReturnType<typeof createActivities>;

const BEAT_MS = 1_000;

/** A workflow publishes alerts of its own rule. Should it ever ask for another's, that must not reach anybody. @throws ApplicationFailure, not to be retried */
function assertOwn(batch: readonly AlertEnvelope[]): void {
  const { workflowId = '' } = activityInfo().workflowExecution ?? {};
  const foreign = batch.find(({ data }) => ruleOfPartitionSet(workflowId) !== `${data.clientId}/rules/${data.ruleId}`);
  if (foreign !== undefined)
    throw ApplicationFailure.nonRetryable(
      `the workflow ${workflowId} asked to publish the alert ${foreign.id}, which is not its own`,
    );
}

/**
 * Tells Temporal that the work goes on: so that of a worker that is gone it knows soon, and lets another do it. A worker that is
 * to stop does not wait for what NATS leaves unanswered; that work may still be done, and is harmless when it is done again.
 */
async function beating<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(heartbeat, BEAT_MS);
  try {
    return await Promise.race([work(), cancelled()]);
  } finally {
    clearInterval(timer);
  }
}
