import { setTimeout as delay } from 'node:timers/promises';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { createEventArchive } from '../../../src/nats/events/event-archive.ts';
import { ALERTS_STREAM } from '../../../src/nats/connection/topology.ts';
import { bySet, StoredEvents, summaryOf } from '../stored-events.ts';
import { splitSets } from '../split-sets.ts';
import type { Nats } from '../../servers/system/stack.ts';
import { CLIENTS } from '../load.ts';
import type { SoakStack } from '../soak-stack.ts';

export interface Comparison {
  /** Events in the stream. */
  events: number;
  /** Expected alerts. */
  alerts: number;
  /** Sets that were split into shards; their alerts are ordered within a partition. */
  splitSets: string[];
  /** Sets whose alerts differ from the expected ones. */
  wrongSets: string[];
}

/** After the last event; longer than every deadline of the rules. */
const LONG_AFTER_MS = 3_600_000;
const ALERTS_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 500;

/**
 * Compares the published alerts with the alerts of the pure core for the stored events: none missing, none duplicated,
 * in order.
 */
export async function compareWithCore(
  { nats, temporal }: Pick<SoakStack, 'nats' | 'temporal'>,
  rules: readonly StoredRule[],
): Promise<Comparison> {
  const core = new StoredEvents(rules);
  let [events, newestMs] = [0, 0];
  const archive = await createEventArchive({ nats, jsm: await nats.jetstreamManager() }).read({
    sinceMs: undefined,
    clientIds: CLIENTS,
  });
  for await (const { subject, sequence, storedAtMs, bytes } of archive) {
    core.add({ subject, sequence, storedAtMs, data: bytes });
    events += 1;
    newestMs = storedAtMs;
  }
  const expected = core.finish(newestMs + LONG_AFTER_MS);
  const alerts = [...expected.values()].reduce((total, { length }) => total + length, 0);

  const split = await splitSets(temporal);
  const isWrong = (setId: string, own: readonly AlertEnvelope[], published: readonly AlertEnvelope[]): boolean => {
    const isSplit = split.has(setId);
    const text = (of: readonly AlertEnvelope[]): string =>
      JSON.stringify(summaryOf(isSplit ? of.filter(isNotLimit) : of, isSplit));
    return text(published) !== text(own);
  };
  const untilMs = performance.now() + ALERTS_WITHIN_MS;
  for (;;) {
    const published = bySet(await readAlerts(nats), expected.keys());
    const wrongSets = [...expected]
      .filter(([setId, own]) => isWrong(setId, own, published.get(setId) ?? []))
      .map(([setId]) => setId);
    if (wrongSets.length === 0 || performance.now() > untilMs)
      return { events, alerts, splitSets: [...split], wrongSets };
    await delay(LOOK_EVERY_MS);
  }
}

/** The load reaches a limit, and each shard publishes `limit` alerts for its own limits. */
const isNotLimit = ({ data }: AlertEnvelope): boolean => data.status !== 'limit';

async function readAlerts(nats: Nats): Promise<AlertEnvelope[]> {
  const consumer = await nats.jetstream().consumers.get(ALERTS_STREAM);
  const { num_pending: pending } = await consumer.info();
  const found: AlertEnvelope[] = [];
  if (pending === 0) return found;
  const messages = await consumer.consume();
  for await (const message of messages) {
    found.push(message.json<AlertEnvelope>());
    if (message.info.pending === 0) break;
  }
  return found;
}
