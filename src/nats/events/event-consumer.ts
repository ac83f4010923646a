import type { JetStreamManager, Msg, NatsConnection } from 'nats';
import type { LogMessage } from '../../ingest/ports.ts';
import {
  openStreamConsumer,
  type MessagePlace,
  type ReadingStart,
  type StreamConsumer,
} from '../reading/stream-consumer.ts';
import { EVENTS_STREAM, eventSubject } from '../connection/topology.ts';
import { untilEnd } from '../reading/until-end.ts';
import { readEventHeaders } from './event-headers.ts';
import { Repetitions } from './repetitions.ts';

export type EventConsumer = StreamConsumer<LogMessage>;

/** Where the events are, and how to know a repetition. */
export interface EventSource {
  nats: NatsConnection;
  jsm: JetStreamManager;
  /** Path of the property that has the id of an event: see VIGIL_EVENT_ID. */
  eventId?: string | undefined;
}

/** Reads the event stream in strict order, and marks the repetitions. */
export async function openEventConsumer(
  { nats, jsm, eventId }: EventSource,
  start: ReadingStart,
  subjects: readonly string[],
): Promise<EventConsumer> {
  const open = (from: ReadingStart, of: readonly string[]): Promise<EventConsumer> =>
    openStreamConsumer(nats, jsm, { stream: EVENTS_STREAM, start: from, subjects: of }, eventOf);
  const backwards = new Set<EventConsumer>();
  let isStopped = false;

  async function* readBack(clientId: string, fromMs: number): AsyncGenerator<LogMessage[]> {
    const consumer = await open({ timeMs: fromMs }, [eventSubject(clientId, '>')]);
    backwards.add(consumer);
    try {
      if (!isStopped) yield* untilEnd(consumer);
      if (isStopped) throw new Error('the reading was stopped');
    } finally {
      if (backwards.delete(consumer)) await consumer.stop();
    }
  }

  const consumer = await open(start, subjects);
  const repetitions = new Repetitions(eventId, readBack);
  return {
    async *[Symbol.asyncIterator]() {
      for await (const batch of consumer) {
        await repetitions.mark(batch);
        yield batch;
      }
    },
    info: () => consumer.info(),
    async stop() {
      isStopped = true;
      const all = [consumer, ...backwards];
      backwards.clear();
      await Promise.all(all.map((each) => each.stop()));
    },
  };
}

function eventOf({ subject, data, headers }: Msg, { sequence, storedAtMs, left }: MessagePlace): LogMessage {
  const event: LogMessage = { subject, sequence, storedAtMs, bytes: data, left };
  // Most events have no headers.
  return headers === undefined ? event : { ...event, ...readEventHeaders(headers) };
}
