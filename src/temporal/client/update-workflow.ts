import { ApplicationFailure, WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { ERROR_CODES, VigilError, type ErrorCode } from '../../core/primitives/errors.ts';

/**
 * Updates the workflow of a partition set or shard; resolves with its answer.
 * @throws VigilError with the code of the refusal; PARTITION_SET_NOT_FOUND if the workflow does not run
 */
export async function updateWorkflow<Result, Args extends [unknown, ...unknown[]]>(
  client: Client,
  workflowId: string,
  update: UpdateDefinition<Result, Args>,
  args: Args,
): Promise<Result> {
  try {
    return await client.workflow.getHandle(workflowId).executeUpdate<Result, Args>(update, { args });
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
