import { DeliverPolicy, millis, type JetStreamClient, type JsMsg, type NatsConnection } from 'nats';
import type { LiveMessage, LivePort } from '../../api/ports/live.ts';
import type { Log } from '../../observability/log.ts';
import { ownerOf } from '../connection/owner-of.ts';
import { ALERTS_STREAM, EVENTS_STREAM } from '../connection/topology.ts';
import { liveAlert, liveEvent, messagesSince, placeNow } from './live-messages.ts';

export interface LiveFeed extends LivePort {
  stop(): Promise<void>;
}

/** Broadcasts new events and alerts to all listeners, with one consumer per stream. */
export async function openLiveFeed(nats: NatsConnection, log: Log): Promise<LiveFeed> {
  const js = nats.jetstream();
  const jsm = await nats.jetstreamManager();
  const listeners = new Set<(message: LiveMessage) => void>();
  const place = await placeNow(jsm);
  // An exception here would stop the consumer for all listeners.
  const broadcast = (kind: LiveMessage['kind'], decode: typeof liveEvent) => (message: JsMsg) => {
    place[kind] = message.seq;
    try {
      const decoded = decode(message, { sequence: message.seq, storedAtMs: millis(message.info.timestampNanos) });
      if (decoded !== undefined) for (const listener of listeners) listener(decoded);
    } catch (error) {
      log.warn(
        { ...ownerOf(message.subject), err: error, subject: message.subject, sequence: message.seq },
        'live: cannot decode or forward a message',
      );
    }
  };
  const stops = await Promise.all([
    follow(js, EVENTS_STREAM, broadcast('event', liveEvent)),
    follow(js, ALERTS_STREAM, broadcast('alert', liveAlert)),
  ]);
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    place: () => ({ ...place }),
    since: (from, clientId) => messagesSince(nats, jsm, from, clientId),
    async stop() {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

async function follow(
  js: JetStreamClient,
  stream: string,
  onMessage: (message: JsMsg) => void,
): Promise<() => Promise<void>> {
  const consumer = await js.consumers.get(stream, { deliver_policy: DeliverPolicy.New });
  const messages = await consumer.consume({ callback: onMessage });
  return async () => {
    await messages.close();
    await consumer.delete();
  };
}
