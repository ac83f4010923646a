import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { answerWithin } from '../connection/answer-within.ts';

interface Poller {
  identity: string;
  polledAt: string;
}

const ANSWER_WITHIN_MS = 2_000;
const TYPES = proto.temporal.api.enums.v1.TaskQueueType;

/** Workers that have asked for workflow tasks in the last minutes. @throws VigilError TEMPORAL_UNREACHABLE */
export async function listPollers(client: Client, namespace: string, taskQueue: string): Promise<Poller[]> {
  const { pollers } = await answerWithin(client, ANSWER_WITHIN_MS, () =>
    client.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: TYPES.TASK_QUEUE_TYPE_WORKFLOW,
    }),
  );
  return pollers.map(({ identity, lastAccessTime }) => ({
    identity: identity ?? '',
    polledAt: new Date(Number(lastAccessTime?.seconds ?? 0) * 1_000).toISOString(),
  }));
}
