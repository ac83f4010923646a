import { AckPolicy, DeliverPolicy, millis, nanos, nuid, type ConsumerConfig, type ConsumerInfo, type JetStreamManager, type Msg, type NatsConnection } from 'nats';
import type { LogMessage } from '../../ingest/ports.ts';
import { Pull } from './pull.ts';
import { EVENTS_STREAM } from '../connection/topology.ts';

/** Of which nothing is asked for this long is forgotten by the server: its reader has died. */
const FORGOTTEN_AFTER_MS = 5 * 60_000;

/** All events that are there, or those from a sequence or a moment (epoch ms) on. */
export type EventStart = { sequence: number } | { timeMs: number } | null;

export interface EventConsumer extends AsyncIterable<LogMessage[]> {
  info(): Promise<ConsumerInfo>;
  /** Leaves no trace of it. */
  stop(): Promise<void>;
}

/** Reads the event stream in strict order, in batches, through a consumer of its own: nothing is acknowledged, and nothing comes twice. */
export async function openEventConsumer(nats: NatsConnection, jsm: JetStreamManager, start: EventStart, subjects: readonly string[]): Promise<EventConsumer> {
  const { name } = await jsm.consumers.add(EVENTS_STREAM, {
    ...{ name: `reading-${nuid.next()}`, ack_policy: AckPolicy.None, max_deliver: 1, mem_storage: true, num_replicas: 1 },
    ...{ inactive_threshold: nanos(FORGOTTEN_AFTER_MS), filter_subjects: [...subjects] },
    ...policyOf(start),
  });
  const pull = new Pull(nats, { stream: EVENTS_STREAM, consumer: name });
  return {
    [Symbol.asyncIterator]: () => inOrder(pull),
    info: () => jsm.consumers.info(EVENTS_STREAM, name),
    async stop() {
      pull.stop();
      await jsm.consumers.delete(EVENTS_STREAM, name);
    },
  };
}

function policyOf(start: EventStart): Partial<ConsumerConfig> {
  if (start === null) return { deliver_policy: DeliverPolicy.All };
  if ('sequence' in start) return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: start.sequence };
  return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(start.timeMs).toISOString() };
}

/** @throws Error where a message was lost on its way */
async function* inOrder(pull: Pull): AsyncGenerator<LogMessage[]> {
  let delivered = 0;
  for await (const messages of pull) {
    const events: LogMessage[] = [];
    for (const message of messages) {
      const place = placeOf(message);
      delivered += 1;
      if (place.delivery !== delivered) throw new Error(`of a reading of the event stream, message ${delivered} was lost on its way`);
      events.push(eventOf(message, place));
    }
    yield events;
  }
}

interface Place {
  sequence: number;
  /** From 1, without a gap. */
  delivery: number;
  storedAtMs: number;
  left: number;
}

/** `$JS.ACK.[domain.account.]stream.consumer.deliveries.sequence.delivery.nanoseconds.left[.token]`, as NATS has it (its ADR-15). */
function placeOf({ reply = '' }: Msg): Place {
  const tokens = reply.split('.');
  const at = tokens.length === TOKENS_WITHOUT_DOMAIN ? 5 : 7;
  return {
    sequence: Number(tokens[at]),
    delivery: Number(tokens[at + 1]),
    storedAtMs: millis(Number(tokens[at + 2])),
    left: Number(tokens[at + 3]),
  };
}

const TOKENS_WITHOUT_DOMAIN = 9;

function eventOf({ subject, data, headers }: Msg, { sequence, storedAtMs, left }: Place): LogMessage {
  const event: LogMessage = { subject, sequence, storedAtMs, bytes: data, left };
  const traceparent = headers?.get('traceparent') ?? '';
  if (traceparent !== '') event.traceparent = traceparent;
  return event;
}
