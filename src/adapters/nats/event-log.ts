import { DeliverPolicy, millis, type ConsumerMessages, type JetStreamClient, type JetStreamManager, type OrderedConsumerOptions } from 'nats';
import type { EventLogPort, LogMessage } from '../../subscriber/ports.ts';
import { EVENTS_STREAM } from './topology.ts';

const MESSAGES_AHEAD = 2_000;

export function createEventLog(js: JetStreamClient, jsm: JetStreamManager): EventLogPort {
  return {
    async read(from) {
      const consumer = await js.consumers.get(EVENTS_STREAM, startOptions(from));
      const messages = await consumer.consume({ max_messages: MESSAGES_AHEAD });
      return {
        [Symbol.asyncIterator]: () => iterate(messages),
        async position() {
          const info = await consumer.info();
          return { pending: info.num_pending, handedOut: info.delivered.stream_seq, atMs: Date.parse(info.ts ?? '') };
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

function startOptions(from: Parameters<EventLogPort['read']>[0]): Partial<OrderedConsumerOptions> {
  if ('sequence' in from) return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: from.sequence };
  return {
    deliver_policy: DeliverPolicy.StartTime,
    opt_start_time: new Date(from.timeMs).toISOString(),
    filterSubjects: `events.${from.clientId}.>`,
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
