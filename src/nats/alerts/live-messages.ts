import { type JetStreamManager, type JsMsg, type Msg, type NatsConnection } from 'nats';
import type { LiveMessage, LivePlace } from '../../api/ports/live.ts';
import type { AlertEnvelope } from '../../core/model/alert/alert.ts';
import { toEvent } from '../../core/model/event/event.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { parseJson } from '../../core/primitives/text/parse-json.ts';
import { ALERTS_STREAM, alertSubject, EVENTS_STREAM, eventSubject } from '../connection/topology.ts';
import { readEventHeaders } from '../events/event-headers.ts';
import { openStreamConsumer, type MessagePlace } from '../reading/stream-consumer.ts';
import { untilEnd } from '../reading/until-end.ts';

type Stored = Pick<MessagePlace, 'sequence' | 'storedAtMs'>;
type Decode = (message: Pick<Msg | JsMsg, 'subject' | 'data' | 'headers'>, stored: Stored) => LiveMessage | undefined;

const jsonOf = ({ data }: Pick<Msg, 'data'>): unknown => parseJson(new TextDecoder().decode(data));

export const liveAlert: Decode = (message, { sequence }) => ({
  kind: 'alert',
  sequence,
  alert: jsonOf(message) as AlertEnvelope,
});

/** Undefined for an invalid event, which becomes a dead letter. */
export const liveEvent: Decode = (message, stored) => {
  try {
    const { clientId, type, sequence, timeMs, data } = toEvent({
      subject: message.subject,
      payload: jsonOf(message),
      cloudEvent: message.headers && readEventHeaders(message.headers).cloudEvent,
      ...stored,
    });
    return { kind: 'event', clientId, type, sequence, time: new Date(timeMs).toISOString(), data };
  } catch (error) {
    if (error instanceof VigilError || error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** The last messages that the streams have. */
export async function placeNow(jsm: JetStreamManager): Promise<LivePlace> {
  const [events, alerts] = await Promise.all([EVENTS_STREAM, ALERTS_STREAM].map((stream) => jsm.streams.info(stream)));
  return { event: events?.state.last_seq ?? 0, alert: alerts?.state.last_seq ?? 0 };
}

/** See LivePort.since. */
export async function messagesSince(
  nats: NatsConnection,
  jsm: JetStreamManager,
  from: LivePlace,
  clientId = '*',
): Promise<AsyncIterable<LiveMessage[]> | null> {
  const subjects = { event: eventSubject(clientId, '>'), alert: alertSubject(clientId, '*') };
  const streams = [
    { stream: EVENTS_STREAM, after: from.event, subject: subjects.event, decode: liveEvent },
    { stream: ALERTS_STREAM, after: from.alert, subject: subjects.alert, decode: liveAlert },
  ];
  for (const { stream, after } of streams) {
    const { first_seq: first, last_seq: last } = (await jsm.streams.info(stream)).state;
    // Messages are gone by the limits of the stream, or the stream was made anew.
    if (first > after + 1 || last < after) return null;
  }
  return inOrder(nats, jsm, streams);
}

async function* inOrder(
  nats: NatsConnection,
  jsm: JetStreamManager,
  streams: readonly { stream: string; after: number; subject: string; decode: Decode }[],
): AsyncGenerator<LiveMessage[]> {
  for (const { stream, after, subject, decode } of streams) {
    const reading = { stream, start: { sequence: after + 1 }, subjects: [subject] };
    const consumer = await openStreamConsumer(nats, jsm, reading, (message, place) => ({
      live: decode(message, place),
      left: place.left,
    }));
    try {
      for await (const batch of untilEnd(consumer)) yield batch.flatMap(({ live }) => live ?? []);
    } finally {
      await consumer.stop();
    }
  }
}
