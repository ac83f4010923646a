import { DeliverPolicy, millis, type JetStreamClient, type JsMsg } from 'nats';
import { parseJson } from '../../core/primitives/text/parse-json.ts';
import type { LiveMessage, LivePort } from '../../api/ports.ts';
import type { AlertEnvelope } from '../../core/model/alert.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { toEvent } from '../../core/model/event.ts';
import type { Log } from '../../observability/log.ts';
import { ownerOf } from '../connection/owner-of.ts';
import { ALERTS_STREAM, EVENTS_STREAM } from '../connection/topology.ts';

export interface LiveFeed extends LivePort {
  stop(): Promise<void>;
}

/** Broadcasts new events and alerts to all listeners, with one consumer per stream. */
export async function openLiveFeed(js: JetStreamClient, log: Log): Promise<LiveFeed> {
  const listeners = new Set<(message: LiveMessage) => void>();
  // An exception here would stop the consumer for all listeners.
  const broadcast = (decode: (message: JsMsg) => LiveMessage | undefined) => (message: JsMsg) => {
    try {
      const decoded = decode(message);
      if (decoded !== undefined) for (const listener of listeners) listener(decoded);
    } catch (error) {
      log.warn(
        { ...ownerOf(message.subject), err: error, subject: message.subject, sequence: message.seq },
        'live: cannot decode or forward a message',
      );
    }
  };
  const stops = await Promise.all([
    follow(js, EVENTS_STREAM, broadcast(liveEvent)),
    follow(js, ALERTS_STREAM, broadcast(liveAlert)),
  ]);
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
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

const liveAlert = (message: JsMsg): LiveMessage => ({
  kind: 'alert',
  sequence: message.seq,
  alert: parseJson(message.string()) as AlertEnvelope,
});

/** Undefined for an invalid event, which becomes a dead letter. */
function liveEvent(message: JsMsg): LiveMessage | undefined {
  try {
    const { clientId, type, sequence, timeMs, data } = toEvent({
      subject: message.subject,
      payload: parseJson(message.string()),
      sequence: message.seq,
      storedAtMs: millis(message.info.timestampNanos),
    });
    return { kind: 'event', clientId, type, sequence, time: new Date(timeMs).toISOString(), data };
  } catch (error) {
    if (error instanceof VigilError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
