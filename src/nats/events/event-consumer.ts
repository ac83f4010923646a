import type { JetStreamManager, Msg, NatsConnection } from 'nats';
import type { LogMessage } from '../../ingest/ports.ts';
import {
  openStreamConsumer,
  type MessagePlace,
  type ReadingStart,
  type StreamConsumer,
} from '../reading/stream-consumer.ts';
import { EVENTS_STREAM } from '../connection/topology.ts';
import { readEventHeaders } from './event-headers.ts';

export type EventConsumer = StreamConsumer<LogMessage>;

/** Reads the event stream in strict order. */
export const openEventConsumer = (
  nats: NatsConnection,
  jsm: JetStreamManager,
  start: ReadingStart,
  subjects: readonly string[],
): Promise<EventConsumer> => openStreamConsumer(nats, jsm, { stream: EVENTS_STREAM, start, subjects }, eventOf);

function eventOf({ subject, data, headers }: Msg, { sequence, storedAtMs, left }: MessagePlace): LogMessage {
  const event: LogMessage = { subject, sequence, storedAtMs, bytes: data, left };
  // Most events have no headers.
  return headers === undefined ? event : { ...event, ...readEventHeaders(headers) };
}
