import { ErrorCode, NatsError } from 'nats';
import { VigilError } from '../../core/errors.ts';

const AWAY: readonly string[] = [ErrorCode.Timeout, ErrorCode.NoResponders, ErrorCode.Disconnect, ErrorCode.ConnectionClosed];

/** Does what asks NATS. @throws VigilError NATS_UNREACHABLE when it does not answer, and what else the work throws */
export async function orUnreachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NatsError) || !AWAY.includes(error.code)) throw error;
    throw new VigilError('NATS_UNREACHABLE', 'Try again: whether it was done is not known. /healthz says whether NATS is back.', { reason: error.message }, { cause: error });
  }
}
