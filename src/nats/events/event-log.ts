import type { EventLogPort } from '../../ingest/ports.ts';
import { openEventConsumer, type EventSource } from './event-consumer.ts';
import { isJetStreamError } from '../connection/jetstream-error.ts';
import { EVENTS_STREAM } from '../connection/topology.ts';

/** Reads the event stream. */
export function createEventLog(source: EventSource): EventLogPort {
  const { jsm } = source;

  async function hasMessageAfter(sequence: number, subject: string): Promise<boolean> {
    // `next_by_subj` returns the first message from `seq` on. The client's types do not have it.
    const query = { seq: sequence + 1, next_by_subj: subject };
    try {
      await jsm.streams.getMessage(EVENTS_STREAM, query);
      return true;
    } catch (error) {
      if (isJetStreamError(error, 'noMessageFound')) return false;
      throw error;
    }
  }
  return {
    async read(from) {
      const subjects = subjectsOf(from);
      const consumer = await openEventConsumer(source, from, subjects);
      return {
        [Symbol.asyncIterator]: () => consumer[Symbol.asyncIterator](),
        async position() {
          const { num_pending: counted, delivered, ts } = await consumer.info();
          const handedOut = delivered.stream_seq;
          // The count lags behind the stream, so a count of 0 is checked against the stream itself, after reading the
          // clock.
          const pending =
            counted > 0
              ? counted
              : Number(
                  (await Promise.all(subjects.map((subject) => hasMessageAfter(handedOut, subject)))).some(Boolean),
                );
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

/** Includes subjects without a type: they are invalid events, which must become dead letters. */
const subjectsOf = ({ clientId }: From): string[] =>
  clientId === undefined ? ['events.>'] : [`events.${clientId}`, `events.${clientId}.>`];
