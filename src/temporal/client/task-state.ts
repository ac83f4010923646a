import { WorkflowNotFoundError, type Client } from '@temporalio/client';

/** `idle`: no workflow task is pending. `closed`: the workflow does not run. `attempt`: of the pending task, from 1. */
export type TaskState = 'idle' | 'closed' | { attempt: number };

const ANSWER_WITHIN_MS = 2_000;

/** The state of a workflow's task. Rejects if Temporal does not answer within 2 s. */
export async function taskStateOf(client: Client, workflowId: string): Promise<TaskState> {
  try {
    const { status, raw } = await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    if (status.name !== 'RUNNING') return 'closed';
    const pending = raw.pendingWorkflowTask;
    return pending === null || pending === undefined ? 'idle' : { attempt: pending.attempt ?? 1 };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'closed';
    throw error;
  }
}
