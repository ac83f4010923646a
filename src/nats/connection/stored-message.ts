import { NatsError, type JetStreamManager, type StoredMsg } from 'nats';

/** JetStream API error code JSNoMessageFoundErr. */
const NO_MESSAGE_FOUND = 10037;

/** The message with this sequence; null if the stream does not have it. */
export async function storedMessage(
  jsm: JetStreamManager,
  stream: string,
  sequence: number,
): Promise<StoredMsg | null> {
  try {
    return await jsm.streams.getMessage(stream, { seq: sequence });
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.err_code === NO_MESSAGE_FOUND) return null;
    throw error;
  }
}
