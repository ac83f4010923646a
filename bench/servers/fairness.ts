import { setTimeout as delay } from 'node:timers/promises';
import { alternate, figuresOf } from '../measure.ts';
import { row, type Bench, type Row, type Side } from '../row.ts';
import { anyStopped, machineEvent } from './machines.ts';
import { quantile } from './quantile.ts';
import { withStack, type Stack } from './stack.ts';
import { onAlert } from './stream.ts';

const OTHERS = Array.from({ length: 20 }, (_, n) => `other-${n}`);
const TROUBLE = 'trouble';
/** Of each tenant; of the one that floods, ten times as many. */
const EVENTS_PER_SECOND = 100;
const FLOOD = 10;
const TICK_MS = 50;
const ROUND_MS = 10_000;
const [ROUNDS, WARM_UP_ROUNDS] = [3, 1];
/** What Temporal takes to refuse a signal, when it is asked for too much. */
const REFUSED_AFTER_MS = 200;

export const fairness: Bench = {
  name: 'servers/fairness',
  about:
    `${OTHERS.length} tenants send ${EVENTS_PER_SECOND} events/s each; lag, from publishing to alert, is that of theirs alone. Once with them alone, once beside a tenant that sends ` +
    `${FLOOD} times as much, once beside one that sends ${FLOOD} times as much and of which Temporal refuses every signal.`,
  run: () => withStack(measure),
};

type Company = 'alone' | 'flood' | 'refused';

async function measure(stack: Stack): Promise<Row[]> {
  for (const clientId of [...OTHERS, TROUBLE]) await stack.rules.put(anyStopped(clientId));
  let refuses = false;
  const stop = await stack.read((sets) => ({
    ...sets,
    async sendEvents(place, rule, batch) {
      if (!refuses || rule.rule.clientId !== TROUBLE) return sets.sendEvents(place, rule, batch);
      await delay(REFUSED_AFTER_MS);
      throw new Error('RESOURCE_EXHAUSTED, as the bench wants it');
    },
  }));
  const probes = await startProbes(stack);
  const lags: Record<Company, number[][]> = { alone: [], flood: [], refused: [] };
  const round = async (company: Company): Promise<number> => {
    refuses = company === 'refused';
    const taken = await probes.load(company === 'alone' ? 0 : FLOOD * EVENTS_PER_SECOND);
    lags[company].push(taken);
    refuses = false;
    await probes.troubleIsOver();
    return quantile(taken, 0.5);
  };
  await alternate(
    { alone: () => round('alone'), flood: () => round('flood'), refused: () => round('refused') },
    ROUNDS,
    WARM_UP_ROUNDS,
  );
  probes.stop();
  await stop();

  const side = (company: Company, what: string, share: number): Side => ({
    what,
    ...figuresOf(lags[company].slice(WARM_UP_ROUNDS).map((taken) => quantile(taken, share))),
  });
  const compared = (company: Company, what: string, share: number, atMost: number | null): Row =>
    row(`others' lag, p${100 * share}`, 'ms', side(company, what, share), side('alone', 'alone', share), {
      target: atMost === null ? null : { atMost },
    });
  return [
    compared('flood', 'beside one that floods', 0.5, null),
    compared('flood', 'beside one that floods', 0.99, 2),
    compared('refused', 'beside one that is refused', 0.5, null),
    compared('refused', 'beside one that is refused', 0.99, 2),
  ];
}

/** A probe is an event that changes its tenant's alert; the next one of that tenant waits until it has come. */
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
  const allAreBack = async (): Promise<void> => {
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
      await allAreBack();
      return lags;
    },
    /** The tenant with the trouble has got all of its events, so that the next round finds nothing of them. */
    async troubleIsOver(): Promise<void> {
      probe(TROUBLE);
      await allAreBack();
    },
  };
}
