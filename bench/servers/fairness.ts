import { setTimeout as delay } from 'node:timers/promises';
import { alternate, figuresOf } from '../measure.ts';
import { row, type Bench, type Row, type Side } from '../row.ts';
import { anyStopped, machineEvent } from './system/machines.ts';
import { quantile } from './quantile.ts';
import { withStack, type Stack } from './system/stack.ts';
import { onAlert } from './system/stream.ts';

const OTHERS = Array.from({ length: 20 }, (_, n) => `other-${n}`);
const TROUBLE = 'trouble';
/** Per tenant; the tenant that floods sends ten times as many. */
const EVENTS_PER_SECOND = 100;
const FLOOD = 10;
const TICK_MS = 50;
const ROUND_MS = 10_000;
const [ROUNDS, WARM_UP_ROUNDS] = [3, 1];
/** Time that Temporal takes to reject a signal at its rate limit. */
const REFUSED_AFTER_MS = 200;

export const fairness: Bench = {
  name: 'servers/fairness',
  about:
    `${OTHERS.length} tenants send ${EVENTS_PER_SECOND} events/s each; the figure is their lag from publishing to alert: alone, beside a tenant that sends ` +
    `${FLOOD} times as much, and beside a tenant that sends ${FLOOD} times as much and whose signals Temporal all rejects.`,
  run: () => withStack(measure),
};

type Scenario = 'alone' | 'flood' | 'refused';

async function measure(stack: Stack): Promise<Row[]> {
  for (const clientId of [...OTHERS, TROUBLE]) await stack.rules.put(anyStopped(clientId));
  let refuses = false;
  const stop = await stack.read((sets) => ({
    ...sets,
    async sendEvents(place, rule, batch) {
      if (!refuses || rule.rule.clientId !== TROUBLE) return sets.sendEvents(place, rule, batch);
      await delay(REFUSED_AFTER_MS);
      throw new Error('RESOURCE_EXHAUSTED, simulated');
    },
  }));
  const probes = await startProbes(stack);
  const lags: Record<Scenario, number[][]> = { alone: [], flood: [], refused: [] };
  const round = async (scenario: Scenario): Promise<number> => {
    refuses = scenario === 'refused';
    const measured = await probes.load(scenario === 'alone' ? 0 : FLOOD * EVENTS_PER_SECOND);
    lags[scenario].push(measured);
    refuses = false;
    await probes.troubleIsOver();
    return quantile(measured, 0.5);
  };
  await alternate(
    { alone: () => round('alone'), flood: () => round('flood'), refused: () => round('refused') },
    ROUNDS,
    WARM_UP_ROUNDS,
  );
  probes.stop();
  await stop();

  const side = (scenario: Scenario, what: string, fraction: number): Side => ({
    what,
    ...figuresOf(lags[scenario].slice(WARM_UP_ROUNDS).map((measured) => quantile(measured, fraction))),
  });
  const compared = (scenario: Scenario, what: string, fraction: number, atMost: number | null): Row =>
    row(`others' lag, p${100 * fraction}`, 'ms', side(scenario, what, fraction), side('alone', 'alone', fraction), {
      target: atMost === null ? null : { atMost },
    });
  return [
    compared('flood', 'beside one that floods', 0.5, null),
    compared('flood', 'beside one that floods', 0.99, 2),
    compared('refused', 'beside one that is refused', 0.5, null),
    compared('refused', 'beside one that is refused', 0.99, 2),
  ];
}

/** A probe is an event that changes its tenant's alert. A tenant has one probe in flight. */
async function startProbes({ nats }: Stack) {
  const stopped = new Set<string>();
  const sentAt = new Map<string, number>();
  let lags: number[] = [];
  const stop = await onAlert(nats, ({ clientId, atMs }) => {
    const at = sentAt.get(clientId);
    if (at === undefined) return;
    sentAt.delete(clientId);
    lags.push(atMs - at);
  });
  const send = (clientId: string, machine: number | string, state: string): void => {
    const { subject, data } = machineEvent(clientId, machine, state);
    nats.publish(subject, JSON.stringify(data));
  };
  const probe = (clientId: string): void => {
    if (sentAt.has(clientId)) return;
    const state = stopped.delete(clientId) ? 'running' : 'stopped';
    if (state === 'stopped') stopped.add(clientId);
    sentAt.set(clientId, performance.now());
    send(clientId, 'probe', state);
  };
  const allReturned = async (): Promise<void> => {
    while (sentAt.size > 0) await delay(TICK_MS);
  };
  return {
    stop,
    /** The lags of a round, ms. */
    async load(ofTrouble: number): Promise<number[]> {
      lags = [];
      const begun = performance.now();
      for (let tickNumber = 0, number = 0; performance.now() - begun < ROUND_MS; tickNumber++) {
        const tick = delay(TICK_MS);
        for (const clientId of OTHERS)
          for (let n = 0; n < (EVENTS_PER_SECOND * TICK_MS) / 1_000; n++) send(clientId, (number += 1), 'running');
        for (let n = 0; n < (ofTrouble * TICK_MS) / 1_000; n++) send(TROUBLE, (number += 1), 'running');
        probe(OTHERS[tickNumber % OTHERS.length] as string);
        await tick;
      }
      await allReturned();
      return lags;
    },
    /** Resolves when all events of the noisy tenant are processed, so that they do not affect the next round. */
    async troubleIsOver(): Promise<void> {
      probe(TROUBLE);
      await allReturned();
    },
  };
}
