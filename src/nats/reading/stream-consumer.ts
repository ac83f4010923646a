import {
  AckPolicy,
  DeliverPolicy,
  millis,
  nanos,
  nuid,
  type ConsumerConfig,
  type ConsumerInfo,
  type JetStreamManager,
  type Msg,
  type NatsConnection,
} from 'nats';
import { Pull } from './pull.ts';

/** The server deletes a consumer without pull requests for this time, because its reader has died. */
const FORGOTTEN_AFTER_MS = 5 * 60_000;

/** Start of a reading: a sequence, a time (epoch ms), `newest` for the newest of each subject, or null for all messages. */
export type ReadingStart = { sequence: number } | { timeMs: number } | 'newest' | null;

export interface StreamReadingOptions {
  stream: string;
  start: ReadingStart;
  subjects: readonly string[];
  /** Read only the headers of the messages. */
  headersOnly?: boolean;
}

/** Position of a message in its stream. */
export interface MessagePlace {
  sequence: number;
  storedAtMs: number;
  /** Number of matching messages after this one at its delivery. */
  left: number;
}

export interface StreamConsumer<T> extends AsyncIterable<T[]> {
  info(): Promise<ConsumerInfo>;
  /** Deletes the consumer. */
  stop(): Promise<void>;
}

/**
 * Reads a stream in strict order, in batches, with its own consumer, without acknowledgements or redeliveries. Throws
 * if the connection or a message is lost; the reader then starts again after the last message.
 */
export async function openStreamConsumer<T>(
  nats: NatsConnection,
  jsm: JetStreamManager,
  reading: StreamReadingOptions,
  read: (message: Msg, place: MessagePlace) => T,
): Promise<StreamConsumer<T>> {
  const { stream, start, subjects, headersOnly = false } = reading;
  const { name } = await jsm.consumers.add(stream, {
    ...{
      name: `reading-${nuid.next()}`,
      ack_policy: AckPolicy.None,
      max_deliver: 1,
      mem_storage: true,
      num_replicas: 1,
    },
    ...{ inactive_threshold: nanos(FORGOTTEN_AFTER_MS), filter_subjects: [...subjects], headers_only: headersOnly },
    ...policyOf(start),
  });
  const pull = new Pull(nats, { stream, consumer: name });
  return {
    [Symbol.asyncIterator]: () => inOrder(pull, stream, read),
    info: () => jsm.consumers.info(stream, name),
    async stop() {
      pull.stop();
      await jsm.consumers.delete(stream, name);
    },
  };
}

function policyOf(start: ReadingStart): Partial<ConsumerConfig> {
  if (start === null) return { deliver_policy: DeliverPolicy.All };
  if (start === 'newest') return { deliver_policy: DeliverPolicy.LastPerSubject };
  if ('sequence' in start) return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: start.sequence };
  return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(start.timeMs).toISOString() };
}

/** @throws Error if a message was lost */
async function* inOrder<T>(
  pull: Pull,
  stream: string,
  read: (message: Msg, place: MessagePlace) => T,
): AsyncGenerator<T[]> {
  let delivered = 0;
  for await (const messages of pull) {
    const found: T[] = [];
    for (const message of messages) {
      const place = placeOf(message);
      delivered += 1;
      if (place.delivery !== delivered) throw new Error(`reading stream ${stream}: message ${delivered} was lost`);
      found.push(read(message, place));
    }
    yield found;
  }
}

/** `$JS.ACK.[domain.account.]stream.consumer.deliveries.sequence.delivery.nanoseconds.left[.token]`(NATS ADR-15). */
function placeOf({ reply = '' }: Msg): MessagePlace & { /** Starts at 1, without gaps. */ delivery: number } {
  const tokens = reply.split('.');
  const at = tokens.length === TOKENS_WITHOUT_DOMAIN ? 5 : 7;
  return {
    sequence: Number(tokens[at]),
    delivery: Number(tokens[at + 1]),
    storedAtMs: millis(Number(tokens[at + 2])),
    left: Number(tokens[at + 3]),
  };
}

const TOKENS_WITHOUT_DOMAIN = 9;
