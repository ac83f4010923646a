import { expect, it, onTestFailed, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { recordBits } from '../../../src/core/model/id-text.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import { createPartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';
import { expectSameAlerts } from '../../support/load/expect-alerts.ts';
import { loadEvents, loadRules, newSeed, sendLoad } from '../../support/load/load.ts';
import { fileVigil } from '../../support/vigil/file-vigil.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { showSets } from '../../support/load/show-sets.ts';

const servers = await fileServers();
const { vigil, user, temporal } = await fileVigil({ servers, signalsPerRun: 20 });
const EVENTS = 300;
const PATIENT = { timeout: 60_000, interval: 50 };
const ALERTS_WITHIN_MS = 120_000;
const TEST_WITHIN_MS = 240_000;

interface ResetSet {
  workflowId: string;
  problem?: object;
}

async function reset(clientId: string, ruleId: string): Promise<ResetSet[]> {
  const body = JSON.stringify({ by: 'ana' });
  const answer = await fetch(`${vigil.app.url}/api/clients/${clientId}/rules/${ruleId}/reset`, {
    method: 'POST',
    body,
  });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { partitionSets: ResetSet[] }).partitionSets;
}

it('a reset while events arrive loses no alert, and publishes none twice', { timeout: TEST_WITHIN_MS }, async () => {
  const clientId = 'reset-01';
  const seed = newSeed();
  onTestFailed(() => console.error(`VIGIL_TEST_SEED=${seed}`, vigil.complaints.slice(-20)));
  const rules = [];
  for (const rule of loadRules(clientId)) rules.push(await vigil.put(rule));
  const load = loadEvents(seed, [clientId]);
  await sendLoad(user, load, EVENTS);
  await vi.waitUntil(async () => (await user.read('ALERTS', `alerts.${clientId}.*`)).length > 50, PATIENT);

  const [, done] = await Promise.all([
    sendLoad(user, load, 2 * EVENTS),
    Promise.all(rules.map(({ rule }) => reset(clientId, rule.id))),
  ]);
  expect(done.flat().length).toBeGreaterThanOrEqual(rules.length);
  expect(done.flat().filter(({ problem }) => problem !== undefined)).toEqual([]);
  await sendLoad(user, load, EVENTS);
  await expectSameAlerts(user, rules, {
    withinMs: ALERTS_WITHIN_MS,
    late: (setIds) => showSets(servers.temporalAddress, setIds),
  });
});

it('a reset publishes the difference between what the stream has and what was published', async () => {
  const clientId = 'reset-02';
  const rule = parseRule({
    ...{ id: 'hot', clientId, where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
    evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 80 } },
  });
  const alerts = await user.listen(clientId, 'hot');
  const published = (...expected: string[]): Promise<void> =>
    vi.waitFor(
      () =>
        expect(alerts.map(({ data }) => `${recordBits(data.partition)} ${data.status} ${data.reason}`)).toEqual(
          expected,
        ),
      PATIENT,
    );
  await vigil.put(rule);
  // The stream loses an event that made an alert fire, and one that resolved another.
  const hot = await user.send(clientId, { m: 'a', t: 90 });
  await user.send(clientId, { m: 'b', t: 90 });
  const cold = await user.send(clientId, { m: 'b', t: 70 });
  await user.send(clientId, { m: 'c', t: 90 });
  const fromEvents = ['m=a firing condition', 'm=b firing condition', 'm=b resolved cleared', 'm=c firing condition'];
  await published(...fromEvents);
  const streams = (await user.connection.jetstreamManager()).streams;
  for (const sequence of [hot, cold]) await streams.deleteMessage('EVENTS', sequence);

  const [answer, ...others] = await reset(clientId, 'hot');
  expect(answer).not.toHaveProperty('problem');
  expect(others).toEqual([]);
  await vi.waitUntil(() => alerts.length > fromEvents.length, PATIENT);
  await user.send(clientId, { m: 'c', t: 70 });
  await vi.waitUntil(() => alerts.at(-1)?.data.partition['m'] === 'c', PATIENT);
  expect(
    alerts
      .slice(fromEvents.length)
      .map(({ data }) => `${recordBits(data.partition)} ${data.status}`)
      .sort(),
  ).toEqual(['m=a resolved', 'm=b firing', 'm=c resolved']);
  expect(
    alerts
      .filter(({ data }) => data.reason === 'reset')
      .map(({ data }) => data.episode)
      .sort(),
  ).toEqual([1, 2]);
  const sets = createPartitionSetsClient(temporal, 'unused');
  expect((await sets.state(partitionSetIds(rule).of([])))?.faults).toEqual([]);
});
