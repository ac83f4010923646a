import { DeliverPolicy, millis, NatsError, type Consumer, type ConsumerMessages, type JetStreamClient } from 'nats';
import type { ArchivedEvent, EventArchive } from '../../cli/ports.ts';
import { VigilError } from '../../core/errors.ts';
import { EVENTS_STREAM } from './topology.ts';

const MESSAGES_AHEAD = 2_000;

/** Reads what the event stream retains, without leaving a trace in it. */
export function createEventArchive(js: JetStreamClient): Pick<EventArchive, 'read'> {
  return {
    async read({ sinceMs, clientIds }) {
      const consumer = await openConsumer(js, sinceMs, clientIds);
      const { num_pending: total, ts } = await consumer.info();
      return { total, atMs: Date.parse(ts ?? ''), [Symbol.asyncIterator]: () => iterate(consumer, total) };
    },
  };
}

async function openConsumer(js: JetStreamClient, sinceMs: number | undefined, clientIds: readonly string[]): Promise<Consumer> {
  // From the first message on is the default; to say so by its policy, the client sends what the server refuses, for ever.
  const start =
    sinceMs === undefined
      ? {}
      : { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(sinceMs).toISOString() };
  try {
    return await js.consumers.get(EVENTS_STREAM, { ...start, filterSubjects: clientIds.map((clientId) => `events.${clientId}.>`) });
  } catch (error) {
    if (!(error instanceof NatsError) || error.api_error?.err_code !== STREAM_NOT_FOUND) throw error;
    const advice = `This NATS has no stream ${EVENTS_STREAM}, so it is not vigil's, or vigil has never run: check NATS_URL or --nats.`;
    throw new VigilError('CONFIG_INVALID', advice, { stream: EVENTS_STREAM }, { cause: error });
  }
}

/** JetStream API error code JSStreamNotFoundErr. */
const STREAM_NOT_FOUND = 10059;

async function* iterate(consumer: Consumer, total: number): AsyncGenerator<ArchivedEvent> {
  let messages: ConsumerMessages | undefined;
  try {
    if (total === 0) return;
    messages = await consumer.consume({ max_messages: MESSAGES_AHEAD });
    let left = total;
    for await (const message of messages) {
      yield { subject: message.subject, sequence: message.seq, storedAtMs: millis(message.info.timestampNanos), bytes: message.data };
      left -= 1;
      // What is stored meanwhile does not count; and what the stream drops meanwhile never comes.
      if (left === 0 || message.info.pending === 0) return;
    }
  } finally {
    await messages?.close();
    await consumer.delete();
  }
}
