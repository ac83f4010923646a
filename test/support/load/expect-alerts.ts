import { millis } from 'nats';
import { expect, vi } from 'vitest';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { bySet, summaryOf } from '../../../bench/soak/stored-events.ts';
import type { NatsUser } from '../nats/nats-user.ts';
import { alertsOffline } from './offline.ts';

/** After the last event; longer than every deadline of the rules. */
const LONG_AFTER_MS = 3_600_000;

/** A set whose alerts differ from the expected ones. */
export interface DifferentSet {
  setId: string;
  expected: readonly AlertEnvelope[];
  published: readonly AlertEnvelope[];
}

export interface Patience {
  /** Gives up after this long without a new alert: a slow machine takes longer for many, but not for the next one. */
  withinMs: number;
  /** Stops vigil, so that no more alerts arrive; optional. */
  stop?: () => Promise<void>;
  /** Called after that, while vigil still runs, with the sets that lack alerts, to inspect them. */
  late?: (setIds: string[]) => Promise<void>;
  /** Returns the ids of split sets; called after vigil has stopped. */
  split?: () => Promise<ReadonlySet<string>>;
  /** Called with the sets whose alerts differ, before the comparison fails. */
  onDifferent?: (sets: DifferentSet[]) => Promise<void>;
}

/**
 * Compares the published alerts with the alerts of the pure core for the stored events: for each set the same, in the
 * same order, none missing, none duplicated. The rules must not have heartbeats. Returns the counts.
 */
export async function expectSameAlerts(
  user: NatsUser,
  rules: readonly StoredRule[],
  {
    withinMs,
    stop = () => Promise.resolve(),
    late = () => Promise.resolve(),
    split = () => Promise.resolve(new Set()),
    onDifferent = () => Promise.resolve(),
  }: Patience,
): Promise<{ events: number; sets: number; alerts: number }> {
  const clientIds = [...new Set(rules.map(({ rule }) => rule.clientId))];
  const read = async (stream: string, subject: (clientId: string) => string) =>
    (await Promise.all(clientIds.map((clientId) => user.read(stream, subject(clientId))))).flat();
  const readAlerts = async () =>
    bySet(
      (await read('ALERTS', (clientId) => `alerts.${clientId}.*`)).map((message) => message.json<AlertEnvelope>()),
      expected.keys(),
    );

  const stored = (await read('EVENTS', (clientId) => `events.${clientId}.>`)).sort((a, b) => a.seq - b.seq);
  const messages = stored.map(({ subject, seq, info, data }) => ({
    subject,
    sequence: seq,
    storedAtMs: millis(info.timestampNanos),
    data,
  }));
  const expected = alertsOffline(rules, messages, (messages.at(-1)?.storedAtMs ?? 0) + LONG_AFTER_MS);
  const total = [...expected.values()].flat().length;

  // If some are missing, the comparison below shows the difference.
  const allCame = (await countWhileMoreCome(user, clientIds, { total, withinMs })) >= total;
  if (!allCame) {
    const sofar = await readAlerts();
    await late(
      [...expected].filter(([setId, { length }]) => (sofar.get(setId)?.length ?? 0) < length).map(([setId]) => setId),
    );
  }
  await stop();
  const published = await readAlerts();
  const splitSets = await split();
  const sets = [...expected].map(([setId, alerts]) => ({
    setId,
    expected: alerts,
    published: published.get(setId) ?? [],
  }));
  const compare = (set: DifferentSet): void =>
    expect(summaryOf(set.published, splitSets.has(set.setId)), set.setId).toEqual(
      summaryOf(set.expected, splitSets.has(set.setId)),
    );
  const different = sets.filter((set) => throws(() => compare(set)));
  if (different.length > 0) await onDifferent(different);
  different.forEach(compare);
  return { events: stored.length, sets: expected.size, alerts: total };
}

/** Resolves with the number of alerts once it is `total`, or has not grown for `withinMs`. */
async function countWhileMoreCome(
  user: NatsUser,
  clientIds: readonly string[],
  { total, withinMs }: { total: number; withinMs: number },
): Promise<number> {
  for (let count = await countAlerts(user, clientIds); ;) {
    if (count >= total) return count;
    const next = await vi
      .waitUntil(
        async () => {
          const now = await countAlerts(user, clientIds);
          return now > count && now;
        },
        { timeout: withinMs, interval: 50 },
      )
      .catch(() => count);
    if (next === count) return count;
    count = next;
  }
}

async function countAlerts(user: NatsUser, clientIds: readonly string[]): Promise<number> {
  const manager = await user.connection.jetstreamManager();
  const { state } = await manager.streams.info('ALERTS', { subjects_filter: 'alerts.>' });
  const mine = Object.entries(state.subjects ?? {}).filter(([subject]) =>
    clientIds.includes(subject.split('.')[1] ?? ''),
  );
  return mine.reduce((sum, [, count]) => sum + count, 0);
}

function throws(work: () => void): boolean {
  try {
    work();
    return false;
  } catch {
    return true;
  }
}
