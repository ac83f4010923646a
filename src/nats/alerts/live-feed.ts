import { DeliverPolicy, millis, type JetStreamClient, type JsMsg } from 'nats';
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

/** What happens from now on, for everybody who looks: one reading of each stream, however many look. */
export async function openLiveFeed(js: JetStreamClient, log: Log): Promise<LiveFeed> {
  const listeners = new Set<(message: LiveMessage) => void>();
  // Whatever is on the streams and whoever listens, what is thrown here would end the reading for everybody.
  const tell = (show: (message: JsMsg) => LiveMessage | undefined) => (message: JsMsg) => {
    try {
      const shown = show(message);
      if (shown !== undefined) for (const listener of listeners) listener(shown);
    } catch (error) {
      log.warn(
        { ...ownerOf(message.subject), err: error, subject: message.subject, sequence: message.seq },
        'live: a message cannot be shown',
      );
    }
  };
  const stops = await Promise.all([
    follow(js, EVENTS_STREAM, tell(liveEvent)),
    follow(js, ALERTS_STREAM, tell(liveAlert)),
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
  take: (message: JsMsg) => void,
): Promise<() => Promise<void>> {
  const consumer = await js.consumers.get(stream, { deliver_policy: DeliverPolicy.New });
  const messages = await consumer.consume({ callback: take });
  return async () => {
    await messages.close();
    await consumer.delete();
  };
}

const liveAlert = (message: JsMsg): LiveMessage => ({
  kind: 'alert',
  sequence: message.seq,
  alert: message.json<AlertEnvelope>(),
});

/** Undefined for a message that is no event: it is on its way to the dead letters. */
function liveEvent(message: JsMsg): LiveMessage | undefined {
  try {
    const { clientId, type, sequence, timeMs, data } = toEvent({
      subject: message.subject,
      payload: JSON.parse(message.string()) as unknown,
      sequence: message.seq,
      storedAtMs: millis(message.info.timestampNanos),
    });
    return { kind: 'event', clientId, type, sequence, time: new Date(timeMs).toISOString(), data };
  } catch (error) {
    if (error instanceof VigilError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
