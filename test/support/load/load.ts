import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { between, pick, seededRandom, type Random } from '../../../src/simulator/random.ts';
import type { NatsUser } from '../nats/nats-user.ts';

/** An event for `events.<clientId>.<type>`. */
export interface LoadEvent {
  clientId: string;
  type: string;
  data: Record<string, unknown>;
}

const STATES = ['running', 'stopped', 'starting'];
const SITES = ['berlin', 'köln'];
const MACHINES = 6;
/** Fraction of events with their own time, and their maximum lateness. */
const LATE_SHARE = 0.2;
const LATE_MS = 3_000;
/** Fraction of invalid events. */
const ODD_SHARE = 0.02;
const AT_A_TIME = 20;

/** Rules of every kind for a client; most events of the load change an alert. */
export function loadRules(clientId: string): Rule[] {
  const rule = (id: string, rest: object): Rule =>
    parseRule({
      id,
      clientId,
      where: [
        { property: 'type', equals: 'status' },
        { property: 'machineId', equals: '*' },
      ],
      partitionBy: ['machineId'],
      ...rest,
    });
  const stopped = { calc: 'latest', property: 'state', equals: 'stopped' };
  const hot = { calc: 'latest', property: 'temp', gt: 70 };
  return [
    rule('any-hot-and-stopped', { evaluate: { type: 'any', having: { all: [hot, stopped] } } }),
    rule('all-cool', { evaluate: { type: 'all', having: { not: hot } } }),
    rule('count-stopped', { evaluate: { type: 'count', gte: 3, having: stopped } }),
    rule('each-stopped', { evaluate: { type: 'each', having: stopped } }),
    rule('each-stale', { evaluate: { type: 'each', having: hot }, staleAfter: '2s' }),
    // Detects events that are applied twice.
    rule('each-busy', { evaluate: { type: 'each', having: { calc: 'count', within: '1s', gte: 15 } } }),
    rule('any-hot-for', { evaluate: { type: 'any', having: { ...hot, for: '300ms' } }, keepFiringFor: '500ms' }),
    rule('any-by-site', { groupBy: ['site'], evaluate: { type: 'any', having: stopped } }),
  ];
}

/** A seeded stream of events: state changes of machines of several clients, some late, some invalid. */
export function* loadEvents(seed: number, clientIds: readonly string[]): Generator<LoadEvent, never> {
  const random = seededRandom(seed);
  for (;;) {
    const clientId = oneOf(random, clientIds);
    const machine = Math.floor(random() * MACHINES);
    const data: Record<string, unknown> = {
      machineId: `m${machine}`,
      site: SITES[machine % SITES.length],
      state: oneOf(random, STATES),
      temp: Math.round(between(random, 20, 90)),
    };
    if (random() < LATE_SHARE) data['time'] = Date.now() - Math.floor(random() * LATE_MS);
    if (random() < ODD_SHARE) data['clientId'] = 'somebody-else';
    yield { clientId, type: random() < ODD_SHARE ? 'other' : 'status', data };
  }
}

/** Publishes the next events of the load, in batches. */
export async function sendLoad(
  user: Pick<NatsUser, 'send'>,
  load: Generator<LoadEvent, never>,
  count: number,
): Promise<void> {
  for (let sent = 0; sent < count; sent += AT_A_TIME) {
    const events = Array.from({ length: AT_A_TIME }, () => load.next().value);
    await Promise.all(events.map(({ clientId, type, data }) => user.send(clientId, data, type)));
  }
}

const oneOf = <T>(random: Random, items: readonly T[]): T => pick(random, items, 1)[0] as T;

/** A random seed, or VIGIL_TEST_SEED, to repeat a failed run. */
export const newSeed = (): number => Number(process.env['VIGIL_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
