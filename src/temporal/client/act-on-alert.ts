import { ApplicationFailure, WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ACTION_UPDATES } from '../../../workflows/messages.ts';
import type { ActionInput, ActionResult, AlertAction } from '../../core/model/operator-action.ts';
import { ERROR_CODES, VigilError, type ErrorCode } from '../../core/primitives/errors.ts';

/**
 * Acts on an alert of a partition set, in the set's workflow or in the shard that it names.
 * @throws VigilError with the code of the refusal; PARTITION_SET_NOT_FOUND if the set does not run
 */
export async function actOnAlert(
  client: Client,
  setId: string,
  action: AlertAction,
  input: ActionInput,
): Promise<ActionResult> {
  try {
    return await updateWorkflow(client, setId, action, input);
  } catch (error) {
    const shardId = error instanceof VigilError && error.code === 'ALERT_ELSEWHERE' && error.fields['workflowId'];
    if (typeof shardId !== 'string') throw error;
    return updateWorkflow(client, shardId, action, input);
  }
}

async function updateWorkflow(
  client: Client,
  workflowId: string,
  action: AlertAction,
  input: ActionInput,
): Promise<ActionResult> {
  try {
    return await client.workflow.getHandle(workflowId).executeUpdate(ACTION_UPDATES[action], { args: [input] });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError)
      throw new VigilError('PARTITION_SET_NOT_FOUND', 'It starts with the first event that the rule reads.', {
        workflowId,
      });
    throw refusalIn(error) ?? error;
  }
}

/** The refusal of a workflow; undefined for another error. */
function refusalIn(error: unknown): VigilError | undefined {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return undefined;
  const { type, message, details } = error.cause;
  if (!isCode(type)) return undefined;
  const [fields] = (details ?? []) as [Record<string, unknown>?];
  return new VigilError(type, message.slice(ERROR_CODES[type].length).trim(), fields);
}

const isCode = (type: string | null | undefined): type is ErrorCode =>
  typeof type === 'string' && Object.hasOwn(ERROR_CODES, type);
