import type { Client } from '@temporalio/client';
import { ACTION_UPDATES } from '../../../workflows/messages.ts';
import type { ActionInput, ActionResult, AlertAction } from '../../core/model/alert/operator-action.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { updateWorkflow } from './update-workflow.ts';

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
    return await updateWorkflow(client, setId, ACTION_UPDATES[action], [input]);
  } catch (error) {
    const shardId = error instanceof VigilError && error.code === 'ALERT_ELSEWHERE' && error.fields['workflowId'];
    if (typeof shardId !== 'string') throw error;
    return updateWorkflow(client, shardId, ACTION_UPDATES[action], [input]);
  }
}
