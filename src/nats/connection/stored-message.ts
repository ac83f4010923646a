import { type JetStreamManager, type StoredMsg } from 'nats';
import { isJetStreamError } from './jetstream-error.ts';

/** The message with this sequence; null if the stream does not have it. */
export const storedMessage = (jsm: JetStreamManager, stream: string, sequence: number): Promise<StoredMsg | null> =>
  orNull(() => jsm.streams.getMessage(stream, { seq: sequence }));

/** The newest message with this subject; null if the stream has none. */
export const newestMessage = (jsm: JetStreamManager, stream: string, subject: string): Promise<StoredMsg | null> =>
  orNull(() => jsm.streams.getMessage(stream, { last_by_subj: subject }));

async function orNull(get: () => Promise<StoredMsg>): Promise<StoredMsg | null> {
  try {
    return await get();
  } catch (error) {
    if (isJetStreamError(error, 'noMessageFound')) return null;
    throw error;
  }
}
