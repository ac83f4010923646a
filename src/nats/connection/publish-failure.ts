import { ErrorCode, NatsError } from 'nats';

export interface PublishFailure {
  /** `no-answer`: NATS is unreachable, or no stream has the subject. `refused`: the stream rejects the message. */
  reason: 'no-answer' | 'refused' | 'other';
  /** The error text of NATS; for a stream with the JetStream error code. */
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
