import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom, type Random } from '../../src/simulator/random.ts';
import { alternate, figuresOf } from '../measure.ts';
import { row, type Bench, type Row } from '../row.ts';
import { anyStopped, machineEvent } from './system/machines.ts';
import { quantile } from './quantile.ts';
import { withStack, type Stack } from './system/stack.ts';
import { onAlert } from './system/stream.ts';

const TENANTS = 50;
const RULES_PER_TENANT = 20;
const EVENTS_PER_SECOND = 4_000;
const TICK_MS = 50;
const ROUND_MS = 15_000;
const [ROUNDS, WARM_UP_ROUNDS] = [3, 1];
/** Probes per tick; a probe is an event that changes its alert. */
const PROBES_PER_TICK = 2;
const SEED = 20_261_123;

export const manySets: Bench = {
  name: 'servers/many-sets',
  about:
    `${TENANTS * RULES_PER_TENANT} partition sets of ${TENANTS} tenants process ${EVENTS_PER_SECOND.toLocaleString('en-US')} events/s, distributed evenly and by Zipf's law (the second tenant sends half as much as the first, the ` +
    'third a third …). Lag is the time from publishing an event that changes an alert to receiving that alert.',
  run: () => withStack(measure),
};

interface RoundFigures {
  lags: number[];
  signalsPerSecond: number;
  eventsPerSecond: number;
}

async function measure(stack: Stack): Promise<Row[]> {
  const tenants = Array.from({ length: TENANTS }, (_, n) => `tenant-${n}`);
  for (const clientId of tenants)
    for (let n = 0; n < RULES_PER_TENANT; n++) await stack.rules.put(anyStopped(clientId, `rule-${n}`, `type-${n}`));
  const stop = await stack.read();
  const random = seededRandom(SEED);
  const pickTenant = { even: () => Math.floor(random() * TENANTS), zipf: zipf(random, TENANTS) };
  const taken = { even: [] as RoundFigures[], zipf: [] as RoundFigures[] };
  let round = 0;
  const play = async (how: 'even' | 'zipf'): Promise<number> => {
    const figures = await load(stack, () => tenants[pickTenant[how]()] as string, random, (round += 1));
    taken[how].push(figures);
    return figures.eventsPerSecond;
  };
  const rates = await alternate({ even: () => play('even'), zipf: () => play('zipf') }, ROUNDS, WARM_UP_ROUNDS);
  await stop();

  const counted = { even: taken.even.slice(WARM_UP_ROUNDS), zipf: taken.zipf.slice(WARM_UP_ROUNDS) };
  const compared = (name: string, unit: string, figure: (figures: RoundFigures) => number): Row =>
    row(
      name,
      unit,
      { what: 'Zipf', ...figuresOf(counted.zipf.map(figure)) },
      { what: 'even', ...figuresOf(counted.even.map(figure)) },
    );
  return [
    row('1,000 sets: events applied', 'events/s', { what: 'Zipf', ...rates.zipf }, { what: 'even', ...rates.even }),
    compared('1,000 sets: signals', 'signals/s', ({ signalsPerSecond }) => signalsPerSecond),
    compared('1,000 sets: lag, p50', 'ms', ({ lags }) => quantile(lags, 0.5)),
    compared('1,000 sets: lag, p99', 'ms', ({ lags }) => quantile(lags, 0.99)),
  ];
}

/** A steady load with probes; ends when the alert of the last probe has arrived. */
async function load(
  { nats, signals }: Stack,
  tenant: () => string,
  random: Random,
  round: number,
): Promise<RoundFigures> {
  const sentAt = new Map<string, number>();
  const lags: number[] = [];
  const end = await onAlert(nats, ({ clientId, ruleId, status, atMs }) => {
    const key = `${clientId} ${ruleId} ${status}`;
    const at = sentAt.get(key);
    if (at === undefined) return;
    sentAt.delete(key);
    lags.push(atMs - at);
  });
  const [begun, signalsBefore] = [performance.now(), signals()];
  const send = (clientId: string, rule: number, machine: number | string, state: string): void => {
    const { subject, data } = machineEvent(clientId, machine, state, `type-${rule}`);
    nats.publish(subject, JSON.stringify(data));
  };
  let count = 0;
  const probed = new Set<string>();
  const atOnce = (EVENTS_PER_SECOND * TICK_MS) / 1_000;
  while (performance.now() - begun < ROUND_MS) {
    const tick = delay(TICK_MS);
    for (let n = 0; n < atOnce; n++, count++) send(tenant(), Math.floor(random() * RULES_PER_TENANT), count, 'running');
    for (let n = 0; n < PROBES_PER_TICK; n++) {
      const [clientId, rule] = [tenant(), Math.floor(random() * RULES_PER_TENANT)];
      const set = `${clientId} rule-${rule}`;
      if (probed.has(set)) continue;
      probed.add(set);
      sentAt.set(`${set} firing`, performance.now());
      send(clientId, rule, `probe-${round}`, 'stopped');
      count += 1;
    }
    await tick;
  }
  while (sentAt.size > 0) await delay(TICK_MS);
  const seconds = (performance.now() - begun) / 1_000;
  const figures = { lags, signalsPerSecond: (signals() - signalsBefore) / seconds, eventsPerSecond: count / seconds };
  // Resolves all alerts before the next round.
  const quiet = new Set([...probed]);
  const endQuiet = await onAlert(nats, ({ clientId, ruleId, status }) => {
    if (status === 'resolved') quiet.delete(`${clientId} ${ruleId}`);
  });
  for (const set of probed) {
    const [clientId = '', rule = ''] = set.split(' ');
    send(clientId, Number(rule.replace('rule-', '')), `probe-${round}`, 'running');
  }
  while (quiet.size > 0) await delay(TICK_MS);
  endQuiet();
  end();
  return figures;
}

/** Draws from 0 … n − 1, each k with weight 1 / (k + 1). */
function zipf(random: Random, n: number): () => number {
  const weights = Array.from({ length: n }, (_, k) => 1 / (k + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return () => {
    let left = random() * total;
    const found = weights.findIndex((weight) => (left -= weight) < 0);
    return found === -1 ? n - 1 : found;
  };
}
