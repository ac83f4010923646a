import { randomUUID } from 'node:crypto';
import {
  ApplicationFailure,
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
} from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { ERROR_CODES, VigilError, type ErrorCode } from '../../core/primitives/errors.ts';

/** gRPC status FAILED_PRECONDITION. */
const DROPPED = new Set([9]);
const ATTEMPTS = 5;

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
  // All attempts are the same update.
  const updateId = randomUUID();
  for (let attempt = 1; ; attempt += 1)
    try {
      return await client.workflow.getHandle(workflowId).executeUpdate<Result, Args>(update, { args, updateId });
    } catch (error) {
      if (attempt < ATTEMPTS && wasDropped(error)) continue;
      throw explained(error, workflowId);
    }
}

/** Temporal drops an update if the workflow task fails that would accept it, as when a signal arrives at the end of a run. */
const wasDropped = (error: unknown): boolean =>
  error instanceof ServiceError && isGrpcServiceError(error.cause) && DROPPED.has(error.cause.code);

function explained(error: unknown, workflowId: string): unknown {
  if (error instanceof WorkflowNotFoundError)
    return new VigilError('PARTITION_SET_NOT_FOUND', 'It starts with the first event that the rule reads.', {
      workflowId,
    });
  return refusalIn(error) ?? error;
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
