import { ErrorCode, NatsError } from 'nats';

export interface PublishFailure {
  /** `no-answer`: NATS is away, or no stream has the subject. `refused`: the stream does not take the message. */
  reason: 'no-answer' | 'refused' | 'other';
  /** What NATS says; of a stream with its number in JetStream's list of errors. */
  detail: string;
}

const NO_ANSWER: readonly string[] = [
  ErrorCode.Timeout,
  ErrorCode.NoResponders,
  ErrorCode.Disconnect,
  ErrorCode.ConnectionClosed,
  ErrorCode.ConnectionDraining,
];
const REFUSED: readonly string[] = [ErrorCode.MaxPayloadExceeded, ErrorCode.PermissionsViolation];

/** Why a publish to a stream failed. */
export function publishFailure(error: unknown): PublishFailure {
  if (!(error instanceof NatsError)) return { reason: 'other', detail: String(error) };
  const refusal = error.jsError();
  if (refusal !== null) return { reason: 'refused', detail: `${refusal.description} (${refusal.err_code})` };
  const detail = `${error.message} (${error.code})`;
  if (NO_ANSWER.includes(error.code)) return { reason: 'no-answer', detail };
  return { reason: REFUSED.includes(error.code) ? 'refused' : 'other', detail };
}
