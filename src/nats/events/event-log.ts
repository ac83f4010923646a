import { NatsError, type JetStreamManager, type NatsConnection } from 'nats';
import type { EventLogPort } from '../../ingest/ports.ts';
import { openEventConsumer } from './event-consumer.ts';
import { EVENTS_STREAM } from '../connection/topology.ts';

/** JetStream API error code JSNoMessageFoundErr. */
const NO_MESSAGE_FOUND = 10037;

export function createEventLog(nats: NatsConnection, jsm: JetStreamManager): EventLogPort {
  async function holdsAfter(sequence: number, subject: string): Promise<boolean> {
    // The server's API has `next_by_subj`: the first message from `seq` on; the client's types lack it.
    const query = { seq: sequence + 1, next_by_subj: subject };
    try {
      await jsm.streams.getMessage(EVENTS_STREAM, query);
      return true;
    } catch (error) {
      if (error instanceof NatsError && error.api_error?.err_code === NO_MESSAGE_FOUND) return false;
      throw error;
    }
  }
  return {
    async read(from) {
      const subjects = subjectsOf(from);
      const consumer = await openEventConsumer(nats, jsm, from, subjects);
      return {
        [Symbol.asyncIterator]: () => consumer[Symbol.asyncIterator](),
        async position() {
          const { num_pending: counted, delivered, ts } = await consumer.info();
          const handedOut = delivered.stream_seq;
          // A message is counted a moment after it was stored: only the stream itself, asked after the clock, can deny one.
          const pending =
            counted > 0
              ? counted
              : Number((await Promise.all(subjects.map((subject) => holdsAfter(handedOut, subject)))).some(Boolean));
          return { pending, count: delivered.consumer_seq, handedOut, atMs: Date.parse(ts ?? '') };
        },
        stop: () => consumer.stop(),
      };
    },
    async extent() {
      const { state } = await jsm.streams.info(EVENTS_STREAM);
      return { first: state.first_seq, last: state.last_seq, firstAtMs: Date.parse(state.first_ts) };
    },
  };
}

type From = Parameters<EventLogPort['read']>[0];

/** A message without a type is no event, but somebody must say so. */
const subjectsOf = ({ clientId }: From): string[] =>
  clientId === undefined ? ['events.>'] : [`events.${clientId}`, `events.${clientId}.>`];
