import {
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { VigilError } from '../../core/primitives/errors.ts';

/** gRPC status CANCELLED, DEADLINE_EXCEEDED and UNAVAILABLE. */
const NO_ANSWER = new Set([1, 4, 14]);

const GOES_ON = 'vigil continues automatically when Temporal is back; see /healthz.';

/**
 * Runs `ask` with a deadline in ms.
 * @throws VigilError TEMPORAL_UNREACHABLE with the advice if Temporal does not answer
 */
export async function answerWithin<T>(
  client: Client,
  withinMs: number,
  ask: () => Promise<T>,
  advice = GOES_ON,
): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + withinMs, ask);
  } catch (error) {
    const isWrapped = error instanceof ServiceError || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
    const cause = isWrapped ? error.cause : error;
    if (!isGrpcServiceError(cause) || !NO_ANSWER.has(cause.code)) throw error;
    throw new VigilError('TEMPORAL_UNREACHABLE', advice, { withinMs }, { cause: error });
  }
}
