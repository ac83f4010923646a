import { millis, type JetStreamManager, type NatsConnection } from 'nats';
import type { AlertEnvelope } from '../../core/model/alert/alert.ts';
import { ALERTS_STREAM, alertSubject } from '../connection/topology.ts';
import { openStreamConsumer, type ReadingStart } from '../reading/stream-consumer.ts';
import { untilEnd } from '../reading/until-end.ts';

const MESSAGE_ID = 'Nats-Msg-Id';
/** Younger alerts are remembered by any stream that an operator would configure. */
const YOUNG_MS = 1_000;

/** The ids of a rule's alerts on the stream, in order, with their sequences: only headers are read. */
export async function* alertIds(
  nats: NatsConnection,
  jsm: JetStreamManager,
  { clientId, ruleId }: { clientId: string; ruleId: string },
  start: ReadingStart,
): AsyncGenerator<{ id: string; sequence: number }[]> {
  const reading = { stream: ALERTS_STREAM, start, subjects: [alertSubject(clientId, ruleId)], headersOnly: true };
  const consumer = await openStreamConsumer(nats, jsm, reading, ({ headers }, { sequence, left }) => ({
    id: headers?.get(MESSAGE_ID) ?? '',
    sequence,
    left,
  }));
  try {
    yield* untilEnd(consumer);
  } finally {
    await consumer.stop();
  }
}

/**
 * Which of these alerts of a rule the stream has, although it may have forgotten their ids: it drops repeated ids only
 * for its duplicate window. An alert is not published before the time that it is due at.
 */
export async function storedBefore(
  nats: NatsConnection,
  jsm: JetStreamManager,
  alerts: readonly AlertEnvelope[],
  lateToleranceMs: number,
): Promise<ReadonlySet<string>> {
  const dueMs = ({ data }: AlertEnvelope): number => Date.parse(data.action?.at ?? data.evaluatedAt);
  const [first] = alerts;
  const oldestMs = Math.min(...alerts.map(dueMs));
  const ageMs = Date.now() - oldestMs - lateToleranceMs;
  if (first === undefined || ageMs < YOUNG_MS) return NONE;
  const { config } = await jsm.streams.info(ALERTS_STREAM);
  // Half of it, because clocks differ.
  if (ageMs < millis(config.duplicate_window) / 2) return NONE;
  const wanted = new Set(alerts.map(({ id }) => id));
  const found = new Set<string>();
  for await (const batch of alertIds(nats, jsm, first.data, { timeMs: oldestMs }))
    for (const { id } of batch) if (wanted.has(id)) found.add(id);
  return found;
}

const NONE: ReadonlySet<string> = new Set();
