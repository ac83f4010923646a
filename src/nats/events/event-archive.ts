import type { EventArchive } from '../../cli/ports.ts';
import type { StoredEvent } from '../../core/model/event/stored-event.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { openEventConsumer, type EventConsumer, type EventSource } from './event-consumer.ts';
import { untilEnd } from '../reading/until-end.ts';
import { isJetStreamError } from '../connection/jetstream-error.ts';
import { EVENTS_STREAM } from '../connection/topology.ts';

/** Reads the event stream with a temporary consumer. */
export function createEventArchive(source: EventSource): Pick<EventArchive, 'read'> {
  return {
    async read({ sinceMs, clientIds }) {
      const consumer = await open(source, sinceMs, clientIds);
      const { num_pending: total, ts } = await consumer.info();
      return { total, atMs: Date.parse(ts ?? ''), [Symbol.asyncIterator]: () => iterate(consumer, total) };
    },
  };
}

async function open(
  source: EventSource,
  sinceMs: number | undefined,
  clientIds: readonly string[],
): Promise<EventConsumer> {
  const start = sinceMs === undefined ? null : { timeMs: sinceMs };
  try {
    return await openEventConsumer(
      source,
      start,
      clientIds.map((clientId) => `events.${clientId}.>`),
    );
  } catch (error) {
    if (!isJetStreamError(error, 'streamNotFound')) throw error;
    const advice = `The NATS server has no stream ${EVENTS_STREAM}: vigil has never run with it. Check NATS_URL or --nats.`;
    throw new VigilError('CONFIG_INVALID', advice, { stream: EVENTS_STREAM }, { cause: error });
  }
}

async function* iterate(consumer: EventConsumer, total: number): AsyncGenerator<StoredEvent> {
  try {
    if (total === 0) return;
    let left = total;
    for await (const events of untilEnd(consumer)) {
      for (const event of events) {
        yield event;
        left -= 1;
        // Ignores messages stored since the start.
        if (left === 0) return;
      }
    }
  } finally {
    await consumer.stop();
  }
}
