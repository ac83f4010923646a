import { setTimeout as delay } from 'node:timers/promises';
import { compileRule } from '../../src/core/compilation/compile-rule.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { alternate, figuresOf } from '../measure.ts';
import { row, type Bench, type Row, type Side } from '../row.ts';
import { startBareProgram, type BareProgram } from './system/bare-program.ts';
import { countEvents, type EventCounts } from './system/history-counts.ts';
import { anyStopped, machineEvent } from './system/machines.ts';
import { quantile } from './quantile.ts';
import { withStack, type Stack } from './system/stack.ts';
import { onAlert } from './system/stream.ts';

const TENANTS = Array.from({ length: 50 }, (_, n) => `tenant-${n}`);
const RULES_PER_TENANT = 10;
const RULES = TENANTS.length * RULES_PER_TENANT;
/** One event of a tenant is for half of its rules. */
const ALERTS = RULES / 2;
const [ROUNDS, WARM_UP_ROUNDS] = [3, 1];
const POLL_MS = 250;
/** Histories that are read to count what an alert costs. */
const COUNTED = 20;
const MS_PER_SECOND = 1_000;

export const burst: Bench = {
  name: 'servers/burst',
  about:
    `${RULES.toLocaleString('en-US')} rules of ${TENANTS.length} tenants; ${TENANTS.length} events make ${ALERTS.toLocaleString('en-US')} sets fire, or resolve, at once. ` +
    'The time until the last alert is out, in turns with as many workflows of the bare program (see servers/latency) that get one message each. ' +
    `Then what the histories of ${COUNTED} sets have gained for each alert, and the same burst right after the worker has been restarted.`,
  run: () => withStack(measure),
};

async function measure(stack: Stack): Promise<Row[]> {
  const stop = await stack.read();
  for (const clientId of TENANTS) for (let n = 0; n < RULES_PER_TENANT; n++) await stack.rules.put(ruleOf(clientId, n));
  while ((await stack.client.workflow.count("WorkflowType='ruleSet'")).count < RULES) await delay(POLL_MS);
  const bare = await startBareProgram(stack, ALERTS);
  const vigil = await startVigilBursts(stack);

  const rates = await alternate(
    { vigil: async () => rateOf(await vigil.burst()), bare: async () => rateOf(await bare.burst()) },
    ROUNDS,
    WARM_UP_ROUNDS,
  );
  const costs = await costsOfAnAlert(stack, vigil, bare);
  const before = quantile(vigil.lags(), 0.5);
  await stack.restartWorker();
  await vigil.burst();
  const after = quantile(vigil.lags(), 0.5);
  await bare.stop();
  vigil.stop();
  await stop();

  const side = (what: string, figure: number): Side => ({ what, ...figuresOf([figure]) });
  const cost = (name: string, of: (counts: EventCounts) => number): Row =>
    row(`${name} an alert`, name, side('vigil', of(costs.vigil)), side('bare program', of(costs.bare)));
  return [
    row('burst: alerts', 'alerts/s', { what: 'vigil', ...rates.vigil }, { what: 'bare program', ...rates.bare }),
    cost('history events', ({ events }) => events),
    cost('workflow tasks', ({ tasks }) => tasks),
    cost('activity tasks', ({ activities }) => activities),
    cost('visibility writes', ({ upserts }) => upserts),
    row('burst: event to alert, p50', 'ms', side('right after a restart', after), side('before it', before)),
  ];
}

const setOf = (clientId: string, n: number): string => compileRule(ruleOf(clientId, n)).ids.of([]);
const ruleOf = (clientId: string, n: number): Rule => anyStopped(clientId, `rule-${n}`, `type-${n % 2}`);
const rateOf = (ms: number): number => (ALERTS * MS_PER_SECOND) / ms;

async function costsOfAnAlert(
  { client }: Stack,
  vigil: { burst: () => Promise<number> },
  bare: BareProgram,
): Promise<{ vigil: EventCounts; bare: EventCounts }> {
  const sets = TENANTS.slice(0, COUNTED).map((clientId) => setOf(clientId, 0));
  const ids = { vigil: sets, bare: bare.workflowIds.slice(0, COUNTED) };
  const before = { vigil: await countEvents(client, ids.vigil), bare: await countEvents(client, ids.bare) };
  await vigil.burst();
  await bare.burst();
  const gained = (now: EventCounts, then: EventCounts): EventCounts => ({
    events: (now.events - then.events) / COUNTED,
    tasks: (now.tasks - then.tasks) / COUNTED,
    activities: (now.activities - then.activities) / COUNTED,
    upserts: (now.upserts - then.upserts) / COUNTED,
  });
  return {
    vigil: gained(await countEvents(client, ids.vigil), before.vigil),
    bare: gained(await countEvents(client, ids.bare), before.bare),
  };
}

/** Bursts of alerts: firing and resolved in turns. */
async function startVigilBursts({ nats }: Stack) {
  let [isStopped, missing, begun] = [false, 0, 0];
  let lags: number[] = [];
  let done: () => void = () => undefined;
  const stop = await onAlert(nats, ({ atMs }) => {
    lags.push(atMs - begun);
    missing -= 1;
    if (missing === 0) done();
  });
  return {
    stop,
    /** Time from the last burst to each of its alerts, ms. */
    lags: () => lags,
    async burst(): Promise<number> {
      isStopped = !isStopped;
      [lags, missing, begun] = [[], ALERTS, performance.now()];
      const last = new Promise<void>((resolve) => (done = resolve));
      for (const clientId of TENANTS) {
        const { subject, data } = machineEvent(clientId, 'm1', isStopped ? 'stopped' : 'running', 'type-0');
        nats.publish(subject, JSON.stringify(data));
      }
      await last;
      return performance.now() - begun;
    },
  };
}
