import { NatsError } from 'nats';

/** Error codes of the JetStream API, by the server's names for them. */
const CODES = {
  consumerNotFound: 10014,
  noMessageFound: 10037,
  streamNotFound: 10059,
  wrongLastSequence: 10071,
} as const;

/** Whether the JetStream API has answered with this error. */
export const isJetStreamError = (error: unknown, name: keyof typeof CODES): boolean =>
  error instanceof NatsError && error.api_error?.err_code === CODES[name];
