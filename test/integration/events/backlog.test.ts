import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { expectSameAlerts } from '../../support/load/expect-alerts.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { startTestServers, type TestServers } from '../../support/servers/servers.ts';
import { startVigil } from '../../support/vigil/vigil.ts';

const CLIENT = 'backlog';
const BEAT_MS = 200;
/** Several times as long as the durations of the rules below. */
const AWAY_MS = 10_000;
const WITHIN = { timeout: 30_000, interval: 50 };

let servers: TestServers;
let user: NatsUser;
beforeAll(async () => {
  servers = await startTestServers();
  user = await connectUser(servers.natsUrl);
});
afterAll(async () => {
  await user.close();
  await servers.stop();
});

const rule = (id: string, rest: object) =>
  parseRule({
    id,
    clientId: CLIENT,
    where: [{ property: 'machineId', equals: '*' }],
    partitionBy: ['machineId'],
    ...rest,
  });
const running = { calc: 'latest', property: 'state', equals: 'running' };
const RULES = [
  rule('silent', {
    evaluate: { type: 'each', having: { calc: 'latest', property: 'state', equals: 'never' } },
    noData: { after: '3s', then: 'alert' },
  }),
  rule('stale', { evaluate: { type: 'all', having: running }, staleAfter: '3s' }),
  rule('few', { evaluate: { type: 'each', having: { calc: 'count', within: '3s', lt: 2 } } }),
  rule('long', { evaluate: { type: 'each', having: running }, for: '8s' }),
];

it('processes a backlog without an alert storm: evaluates by the time events were stored, not read', async () => {
  const first = await startVigil({ servers });
  const rules = [];
  for (const each of RULES) rules.push(await first.put(each));
  const alerts = await user.listen(CLIENT);
  const published = (): string[] => alerts.map(({ data }) => `${data.ruleId} ${data.status}`).sort();
  const stopBeats = startBeats();
  await vi.waitFor(() => expect(published()).toContain('stale firing'), WITHIN);
  await first.stop();

  // The machines keep sending while no reader runs.
  await delay(AWAY_MS);
  const second = await startVigil({ servers });
  await vi.waitFor(() => expect(published()).toContain('long firing'), WITHIN);
  expect(published().filter((alert) => alert.startsWith('silent'))).toEqual([]);
  await stopBeats();
  // One event is too few until the second arrives. Nothing else happened to these machines: only vigil was down.
  const machines = (alert: string): string[] => [alert, alert];
  await vi.waitFor(
    () =>
      expect(published().filter((alert) => !alert.startsWith('silent'))).toEqual([
        ...machines('few firing'),
        ...machines('few resolved'),
        ...machines('long firing'),
        'stale firing',
      ]),
    WITHIN,
  );
  await expectSameAlerts(user, rules, { withinMs: WITHIN.timeout, stop: () => second.stop() });
});

/** Machines that send all the time. Returns a function that stops them. */
function startBeats(): () => Promise<void> {
  const worker = new Worker(new URL('../../support/load/beats.mjs', import.meta.url), {
    workerData: { natsUrl: servers.natsUrl, clientId: CLIENT, machines: ['m1', 'm2'], everyMs: BEAT_MS },
  });
  const ended = once(worker, 'exit');
  return async () => {
    worker.postMessage('stop');
    await ended;
  };
}
