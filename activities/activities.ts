import { activityInfo, ApplicationFailure, cancelled, heartbeat } from '@temporalio/activity';
import type { AlertEnvelope } from '../src/core/model/alert/alert.ts';
import { ruleOfPartitionSet } from '../src/core/model/ids.ts';
import type { PauseRequest, RecoveryRequest } from '../src/core/model/partition-set/partition-set-messages.ts';
import { PromptWork } from './prompt-work.ts';

/** Dependencies of the activities, provided by the worker process, or by tests. */
export interface ActivityDeps {
  alerts: AlertPublisher;
  reader: ReaderPort;
}

export interface AlertPublisher {
  /**
   * Publishes in order; resolves when the stream has stored all of them. A repeated id is stored once.
   * @param lateToleranceMs how much later than `evaluatedAt` they are due
   */
  publish(alerts: readonly AlertEnvelope[], lateToleranceMs: number): Promise<void>;
}

export interface ReaderPort {
  /**
   * Resolves once the reader has delivered every event of the client stored up to `deadlineMs`, with its watermark: the
   * time up to which it has delivered. Lower than requested only if the stream's clock is behind. Epoch ms. Rejects if
   * no reader answers.
   */
  seenUntil(clientId: string, deadlineMs: number): Promise<number>;
  /**
   * Asks the reader to send events of a partition set again. Resolves when it has started, or was already doing so.
   * Rejects if no reader answers.
   */
  recover(request: RecoveryRequest): Promise<void>;
  /**
   * Asks the reader to pause a partition set until its next run has started, or a time limit has passed. Resolves when
   * nothing is in flight to it. Rejects if no reader answers.
   */
  pause(request: PauseRequest): Promise<void>;
}

/** The activities. Temporal stores their names in histories: they never change. */
export function createActivities({ alerts, reader }: ActivityDeps) {
  const prompt = new PromptWork();
  return {
    /** Older runs do not say the tolerance. Of a local activity, it is tried only if it is likely to end in time. */
    async publishAlerts(batch: AlertEnvelope[], lateToleranceMs = 0): Promise<void> {
      assertOwn(batch);
      const publish = (): Promise<void> => alerts.publish(batch, lateToleranceMs);
      await (activityInfo().isLocal ? prompt.run(publish) : heartbeating(publish));
    },

    async seenUntil(clientId: string, deadlineMs: number): Promise<number> {
      const untilMs = await heartbeating(() => reader.seenUntil(clientId, deadlineMs));
      if (!Number.isFinite(untilMs))
        throw ApplicationFailure.retryable(`invalid watermark from the reader: ${untilMs}`);
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

const HEARTBEAT_MS = 1_000;

/** A workflow may publish only alerts of its own rule. @throws ApplicationFailure, non-retryable */
function assertOwn(batch: readonly AlertEnvelope[]): void {
  const { workflowId = '' } = activityInfo().workflowExecution ?? {};
  const foreign = batch.find(({ data }) => ruleOfPartitionSet(workflowId) !== `${data.clientId}/rules/${data.ruleId}`);
  if (foreign !== undefined)
    throw ApplicationFailure.nonRetryable(
      `workflow ${workflowId} tried to publish the alert ${foreign.id} of another rule`,
    );
}

/**
 * Sends heartbeats while the work runs, so that Temporal soon detects a lost worker and lets another one take over. A
 * worker that shuts down does not wait for an unanswered NATS request; the work may still complete, and repeating it is
 * harmless.
 */
async function heartbeating<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(heartbeat, HEARTBEAT_MS);
  try {
    return await Promise.race([work(), cancelled()]);
  } finally {
    clearInterval(timer);
  }
}
