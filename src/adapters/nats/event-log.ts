import { DeliverPolicy, millis, NatsError, type ConsumerMessages, type JetStreamClient, type JetStreamManager, type OrderedConsumerOptions } from 'nats';
import type { EventLogPort, LogMessage } from '../../subscriber/ports.ts';
import { EVENTS_STREAM } from './topology.ts';

const MESSAGES_AHEAD = 2_000;

/** JetStream API error code JSNoMessageFoundErr. */
const NO_MESSAGE_FOUND = 10037;

export function createEventLog(js: JetStreamClient, jsm: JetStreamManager): EventLogPort {
  async function holds(query: { seq: number; next_by_subj?: string }): Promise<boolean> {
    try {
      await jsm.streams.getMessage(EVENTS_STREAM, query);
      return true;
    } catch (error) {
      if (error instanceof NatsError && error.api_error?.err_code === NO_MESSAGE_FOUND) return false;
      throw error;
    }
  }
  // The server's API has `next_by_subj`: the first message from `seq` on; the client's types lack it.
  const holdsAfter = (sequence: number, subject: string): Promise<boolean> => holds({ seq: sequence + 1, next_by_subj: subject });
  return {
    has: (sequence) => holds({ seq: sequence }),
    async read(from) {
      const subjects = subjectsOf(from);
      const consumer = await js.consumers.get(EVENTS_STREAM, startOptions(from));
      const messages = await consumer.consume({ max_messages: MESSAGES_AHEAD });
      return {
        [Symbol.asyncIterator]: () => iterate(messages),
        async position() {
          const { num_pending: counted, delivered, ts } = await consumer.info();
          const handedOut = delivered.stream_seq;
          // A message is counted a moment after it was stored: only the stream itself, asked after the clock, can deny one.
          const pending = counted > 0 ? counted : Number((await Promise.all(subjects.map((subject) => holdsAfter(handedOut, subject)))).some(Boolean));
          return { pending, isEmpty: pending === 0 && delivered.consumer_seq === 0, handedOut, atMs: Date.parse(ts ?? '') };
        },
        async stop() {
          await messages.close();
          await consumer.delete();
        },
      };
    },
    async extent() {
      const { state } = await jsm.streams.info(EVENTS_STREAM);
      return { first: state.first_seq, last: state.last_seq };
    },
  };
}

type From = Parameters<EventLogPort['read']>[0];

/** A message without a type is no event, but somebody must say so. */
const subjectsOf = ({ clientId }: From): string[] => (clientId === undefined ? ['events.>'] : [`events.${clientId}`, `events.${clientId}.>`]);

function startOptions(from: From): Partial<OrderedConsumerOptions> {
  const start =
    'sequence' in from
      ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: from.sequence }
      : { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(from.timeMs).toISOString() };
  return { ...start, filterSubjects: subjectsOf(from) };
}

async function* iterate(messages: ConsumerMessages): AsyncGenerator<LogMessage> {
  for await (const message of messages) {
    const traceparent = message.headers?.get('traceparent');
    yield {
      ...(traceparent !== undefined && traceparent !== '' && { traceparent }),
      subject: message.subject,
      sequence: message.seq,
      storedAtMs: millis(message.info.timestampNanos),
      bytes: message.data,
      left: message.info.pending,
    };
  }
}
