import { ErrorCode, NatsError } from 'nats';
import { VigilError } from '../../core/primitives/errors.ts';

const AWAY: readonly string[] = [
  ErrorCode.Timeout,
  ErrorCode.NoResponders,
  ErrorCode.Disconnect,
  ErrorCode.ConnectionClosed,
];

const UNKNOWN = 'Try again: whether it was done is not known. /healthz says whether NATS is back.';

/** Does what asks NATS. @throws VigilError NATS_UNREACHABLE, with the advice, when it does not answer, and what else the work throws */
export async function orUnreachable<T>(work: () => Promise<T>, advice = UNKNOWN): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NatsError) || !AWAY.includes(error.code)) throw error;
    throw new VigilError('NATS_UNREACHABLE', advice, { reason: error.message }, { cause: error });
  }
}
