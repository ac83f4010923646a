import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { BACKLOG_MEMO } from '../../../workflows/messages.ts';

const WITHIN_MS = 20_000;
const POLL_MS = 50;
/** The pending task can have started before the last signal, which the next task then handles. */
const TASKS_TO_SEE_END = 2;

/**
 * Waits until a workflow has handled every signal sent so far; resolves with its backlog in bytes of JSON, 0 if it does
 * not run. Needs no query: signals are handled when no workflow task is pending, or after two tasks. Rejects after 20
 * s, for example without a worker.
 */
export async function backlogOf(client: Client, workflowId: string): Promise<number> {
  const untilMs = Date.now() + WITHIN_MS;
  let task: string | null | undefined;
  for (let ended = -1; ;) {
    const description = await describe(client, workflowId, untilMs);
    if (description?.status.name !== 'RUNNING') return 0;
    const pending = pendingTaskOf(description);
    if (pending !== FAILING && pending !== task) [task, ended] = [pending, ended + 1];
    if (pending === null || ended === TASKS_TO_SEE_END) return Number(description.memo?.[BACKLOG_MEMO] ?? 0);
    if (Date.now() >= untilMs) throw new Error(`the workflow has not handled its signals within ${WITHIN_MS} ms`);
    await delay(POLL_MS);
  }
}

/** Attempts of one task have different times but are the same task. */
const FAILING = 'failing';

function pendingTaskOf({ runId, raw }: WorkflowExecutionDescription): string | null {
  const task = raw.pendingWorkflowTask;
  if (task === null || task === undefined) return null;
  return (task.attempt ?? 1) > 1 ? FAILING : `${runId} ${JSON.stringify(task.scheduledTime)}`;
}

async function describe(
  client: Client,
  workflowId: string,
  untilMs: number,
): Promise<WorkflowExecutionDescription | null> {
  try {
    return await client.withDeadline(untilMs, () => client.workflow.getHandle(workflowId).describe());
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
