import { ErrorCode, NatsError } from 'nats';
import { VigilError } from '../../core/primitives/errors.ts';

const AWAY: readonly string[] = [
  ErrorCode.Timeout,
  ErrorCode.NoResponders,
  ErrorCode.Disconnect,
  ErrorCode.ConnectionClosed,
];

const UNKNOWN = 'The result is unknown. Try again when /healthz reports NATS as up.';

/** Runs `work`. @throws VigilError NATS_UNREACHABLE with the advice if NATS does not answer; passes on other errors */
export async function orUnreachable<T>(work: () => Promise<T>, advice = UNKNOWN): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NatsError) || !AWAY.includes(error.code)) throw error;
    throw new VigilError('NATS_UNREACHABLE', advice, { reason: error.message }, { cause: error });
  }
}
