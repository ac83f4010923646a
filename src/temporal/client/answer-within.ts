import { isGrpcServiceError, ServiceError, type Client } from '@temporalio/client';
import { VigilError } from '../../core/primitives/errors.ts';

/** gRPC status CANCELLED, DEADLINE_EXCEEDED and UNAVAILABLE. */
const NO_ANSWER = new Set([1, 4, 14]);

const GOES_ON = 'vigil goes on by itself once it is back; /healthz says when.';

/** What `ask` has of Temporal, for somebody who waits for it: tried so long (ms) and no longer. @throws VigilError TEMPORAL_UNREACHABLE, with the advice */
export async function answerWithin<T>(
  client: Client,
  withinMs: number,
  ask: () => Promise<T>,
  advice = GOES_ON,
): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + withinMs, ask);
  } catch (error) {
    const cause = error instanceof ServiceError ? error.cause : error;
    if (!isGrpcServiceError(cause) || !NO_ANSWER.has(cause.code)) throw error;
    throw new VigilError('TEMPORAL_UNREACHABLE', advice, { withinMs }, { cause: error });
  }
}
