import { DeliverPolicy, millis, NatsError, type ConsumerMessages, type JetStreamClient, type JetStreamManager, type OrderedConsumerOptions } from 'nats';
import type { EventLogPort, LogMessage } from '../../subscriber/ports.ts';
import { EVENTS_STREAM } from './topology.ts';

const MESSAGES_AHEAD = 2_000;

/** JetStream API error code JSNoMessageFoundErr. */
const NO_MESSAGE_FOUND = 10037;

export function createEventLog(js: JetStreamClient, jsm: JetStreamManager): EventLogPort {
  async function holdsAfter(sequence: number, subject: string): Promise<boolean> {
    // The server's API has `next_by_subj`: the first message from `seq` on; the client's types lack it.
    const next = { seq: sequence + 1, next_by_subj: subject };
    try {
      await jsm.streams.getMessage(EVENTS_STREAM, next);
      return true;
    } catch (error) {
      if (error instanceof NatsError && error.api_error?.err_code === NO_MESSAGE_FOUND) return false;
      throw error;
    }
  }
  return {
    async read(from) {
      const subject = subjectOf(from);
      const consumer = await js.consumers.get(EVENTS_STREAM, startOptions(from));
      const messages = await consumer.consume({ max_messages: MESSAGES_AHEAD });
      return {
        [Symbol.asyncIterator]: () => iterate(messages),
        async position() {
          const { num_pending: counted, delivered, ts } = await consumer.info();
          const handedOut = delivered.stream_seq;
          // A message is counted a moment after it was stored: only the stream itself, asked after the clock, can deny one.
          const pending = counted > 0 ? counted : Number(await holdsAfter(handedOut, subject));
          return { pending, handedOut, atMs: Date.parse(ts ?? '') };
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

const subjectOf = (from: From): string => ('clientId' in from ? `events.${from.clientId}.>` : 'events.>');

function startOptions(from: From): Partial<OrderedConsumerOptions> {
  if ('sequence' in from) return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: from.sequence };
  return {
    deliver_policy: DeliverPolicy.StartTime,
    opt_start_time: new Date(from.timeMs).toISOString(),
    filterSubjects: subjectOf(from),
  };
}

async function* iterate(messages: ConsumerMessages): AsyncGenerator<LogMessage> {
  for await (const message of messages) {
    yield {
      subject: message.subject,
      sequence: message.seq,
      storedAtMs: millis(message.info.timestampNanos),
      bytes: message.data,
      left: message.info.pending,
    };
  }
}
