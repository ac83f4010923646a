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

/** Of which nothing is asked for this long is forgotten by the server: its reader has died. */
const FORGOTTEN_AFTER_MS = 5 * 60_000;

/** All messages that are there, or those from a sequence or a moment (epoch ms) on. */
export type ReadingStart = { sequence: number } | { timeMs: number } | null;

export interface StreamReadingOptions {
  stream: string;
  start: ReadingStart;
  subjects: readonly string[];
  /** Without the bodies of the messages. */
  headersOnly?: boolean;
}

/** Where a message is in its stream. */
export interface MessagePlace {
  sequence: number;
  storedAtMs: number;
  /** Messages of the reading that the stream held after this one when it was handed out. */
  left: number;
}

export interface StreamConsumer<T> extends AsyncIterable<T[]> {
  info(): Promise<ConsumerInfo>;
  /** Leaves no trace of it. */
  stop(): Promise<void>;
}

/**
 * Reads a stream in strict order, in batches, through a consumer of its own: nothing is acknowledged, and nothing comes twice. Where the
 * connection breaks or a message is lost on its way, the reading throws: whoever reads begins anew behind what came.
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
  if ('sequence' in start) return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: start.sequence };
  return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(start.timeMs).toISOString() };
}

/** @throws Error where a message was lost on its way */
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
      if (place.delivery !== delivered)
        throw new Error(`of a reading of the stream ${stream}, message ${delivered} was lost on its way`);
      found.push(read(message, place));
    }
    yield found;
  }
}

/** `$JS.ACK.[domain.account.]stream.consumer.deliveries.sequence.delivery.nanoseconds.left[.token]`, as NATS has it (its ADR-15). */
function placeOf({ reply = '' }: Msg): MessagePlace & { /** From 1, without a gap. */ delivery: number } {
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
