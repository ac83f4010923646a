import { DeliverPolicy, millis, type ConsumerMessages, type JetStreamClient, type JsMsg } from 'nats';
import type { LiveMessage, LivePort } from '../../api/ports.ts';
import type { AlertEnvelope } from '../../core/alert.ts';
import { VigilError } from '../../core/errors.ts';
import { toEvent } from '../../core/event.ts';
import { ALERTS_STREAM, EVENTS_STREAM } from './topology.ts';

export interface LiveFeed extends LivePort {
  stop(): Promise<void>;
}

/** What happens from now on, for everybody who looks: one reading of each stream, however many look. */
export async function openLiveFeed(js: JetStreamClient): Promise<LiveFeed> {
  const listeners = new Set<(message: LiveMessage) => void>();
  const tell = (message: LiveMessage | undefined): void => {
    if (message !== undefined) for (const listener of listeners) listener(message);
  };
  const readings = await Promise.all([
    follow(js, EVENTS_STREAM, (message) => tell(liveEvent(message))),
    follow(js, ALERTS_STREAM, (message) => tell({ kind: 'alert', sequence: message.seq, alert: message.json<AlertEnvelope>() })),
  ]);
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async stop() {
      await Promise.all(readings.map((reading) => reading.close()));
    },
  };
}

async function follow(js: JetStreamClient, stream: string, take: (message: JsMsg) => void): Promise<ConsumerMessages> {
  const consumer = await js.consumers.get(stream, { deliver_policy: DeliverPolicy.New });
  return consumer.consume({ callback: take });
}

/** Undefined for a message that is no event: it is on its way to the dead letters. */
function liveEvent(message: JsMsg): LiveMessage | undefined {
  try {
    const { clientId, type, sequence, timeMs, data } = toEvent({
      subject: message.subject,
      payload: message.json(),
      sequence: message.seq,
      storedAtMs: millis(message.info.timestampNanos),
    });
    return { kind: 'event', clientId, type, sequence, time: new Date(timeMs).toISOString(), data };
  } catch (error) {
    if (error instanceof VigilError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
