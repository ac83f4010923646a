import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { recordBits } from '../../../src/core/model/id-text.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import {
  createPartitionSetsClient,
  type PartitionSetsClient,
} from '../../../src/temporal/client/partition-sets-client.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const PATIENT = { timeout: 60_000, interval: 50 };
const TEST_WITHIN_MS = 180_000;

let vigil: TestVigil;
let user: NatsUser;
let temporal: Client;
let sets: PartitionSetsClient;
beforeAll(async () => {
  [vigil, user, temporal] = await Promise.all([
    startVigil({ servers, signalsPerRun: 5 }),
    connectUser(servers.natsUrl),
    connectTemporal(servers.temporalAddress, 'default'),
  ]);
  sets = createPartitionSetsClient(temporal, 'unused');
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
  await temporal.connection.close();
  expect(vigil.failures).toEqual([]);
});

const ruleOf = (clientId: string, id: string, more: Partial<Rule> = {}): Rule =>
  parseRule({
    ...{ id, clientId, where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
    evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 80 } },
    ...more,
  });

async function post<Answer extends object>(path: string, body: object = {}): Promise<Answer> {
  const answer = await fetch(`${vigil.app.url}/api/clients/${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as Answer;
}

const get = async <Answer>(path: string): Promise<Answer> =>
  (await (await fetch(`${vigil.app.url}/api/clients/${path}`)).json()) as Answer;

const setOf = (rule: Rule): string => partitionSetIds(rule).of([]);

/** Waits until the set of a rule is not being rebuilt, and knows that it is paused. */
const untilPaused = (rule: Rule): Promise<void> =>
  vi.waitFor(async () => {
    const state = await sets.state(setOf(rule));
    expect([state?.recovery, state?.paused !== undefined]).toEqual([undefined, true]);
  }, PATIENT);

const linesOf = (alerts: readonly AlertEnvelope[]): string[] =>
  alerts.map(({ data }) => `${recordBits(data.partition)} ${data.status} #${data.episode} ${data.reason}`);

describe('a rule is paused and resumed', () => {
  it(
    'publish: it has the alerts of a rule that never was, even if its set was terminated meanwhile',
    { timeout: TEST_WITHIN_MS },
    async () => {
      const clientId = 'pause-01';
      const [rule, witness] = [ruleOf(clientId, 'hot'), ruleOf(clientId, 'witness')];
      const [alerts, expected] = [await user.listen(clientId, 'hot'), await user.listen(clientId, 'witness')];
      for (const each of [rule, witness]) await vigil.put(each);
      await user.send(clientId, { m: 'a', t: 90 });
      await user.send(clientId, { m: 'b', t: 90 });
      await vi.waitFor(() => expect(linesOf(alerts)).toHaveLength(2), PATIENT);

      const paused = await post(`${clientId}/rules/hot/pause`, { note: 'maintenance' });
      expect(paused).toMatchObject({ changed: true, paused: { note: 'maintenance', of: 'rule' } });
      expect(await post(`${clientId}/rules/hot/pause`)).toMatchObject({
        changed: false,
        paused: { note: 'maintenance' },
      });
      await untilPaused(rule);
      expect(await get(`${clientId}/rules?status=paused`)).toMatchObject({
        rules: [{ rule: { id: 'hot' }, status: 'paused' }],
      });
      const { text } = await get<{ text: string[] }>(`${clientId}/rules/hot/explain?partition=a`);
      expect(text[0]).toMatch(/^Paused since .* \(maintenance\)/);
      for (const t of [70, 91, 71, 92, 72]) await user.send(clientId, { m: 'a', t });
      await user.send(clientId, { m: 'c', t: 90 });
      await vi.waitFor(() => expect(linesOf(expected)).toHaveLength(8), PATIENT);
      expect(linesOf(alerts)).toHaveLength(2);

      // The list of alerts follows the stream.
      const alertOfB = await vi.waitUntil(async () => {
        const open = await get<{ alerts: { id: string; partition: Record<string, string> }[] }>(
          `${clientId}/alerts?rule=hot`,
        );
        return open.alerts.find(({ partition }) => partition['m'] === 'b');
      }, PATIENT);
      expect(await post(`${clientId}/alerts/${alertOfB.id}/acknowledge`, { by: 'ana' })).toMatchObject({
        changed: true,
      });
      await vi.waitFor(() => expect(linesOf(alerts)).toHaveLength(3), PATIENT);

      await temporal.workflow.getHandle(setOf(rule)).terminate('a test');
      // A rule that is stored again stays paused, and its set is started again.
      expect(await vigil.put(rule)).toMatchObject({ version: expect.any(Number) as number });
      await untilPaused(rule);
      await user.send(clientId, { m: 'b', t: 73 });
      await vi.waitFor(() => expect(linesOf(expected)).toHaveLength(9), PATIENT);
      expect(linesOf(alerts)).toHaveLength(3);

      expect(await post(`${clientId}/rules/hot/resume`)).toMatchObject({ changed: true, paused: null });
      expect(await post(`${clientId}/rules/hot/resume`)).toMatchObject({ changed: false, paused: null });
      await user.send(clientId, { m: 'd', t: 90 });
      await vi.waitFor(() => expect(linesOf(alerts)).toHaveLength(11), PATIENT);
      expect(linesOf(alerts).filter((text) => !text.includes('operator'))).toEqual(linesOf(expected));
      expect((await sets.state(setOf(rule)))?.faults).toEqual([]);
    },
  );

  it('silently: only what differs from what it had published is published', { timeout: TEST_WITHIN_MS }, async () => {
    const clientId = 'pause-04';
    const [rule, witness] = [ruleOf(clientId, 'hot'), ruleOf(clientId, 'witness')];
    const [alerts, others] = [await user.listen(clientId, 'hot'), await user.listen(clientId, 'witness')];
    for (const each of [rule, witness]) await vigil.put(each);
    for (const m of ['a', 'b', 'c']) await user.send(clientId, { m, t: 90 });
    await vi.waitFor(() => expect(linesOf(alerts)).toHaveLength(3), PATIENT);
    await post(`${clientId}/rules/hot/pause`);
    await untilPaused(rule);
    // One resolves, one fires, one does both, and one resolves and fires again.
    for (const [m, t] of [
      ...([
        ['a', 70],
        ['d', 90],
        ['e', 90],
        ['e', 70],
        ['b', 70],
        ['b', 90],
      ] as const),
    ])
      await user.send(clientId, { m, t });
    await vi.waitFor(() => expect(linesOf(others)).toHaveLength(9), PATIENT);
    await post(`${clientId}/rules/hot/resume`, { mode: 'silently' });
    await vi.waitFor(() => expect(linesOf(alerts)).toHaveLength(5), PATIENT);
    expect(linesOf(alerts).slice(3).sort()).toEqual(['m=a resolved #1 ruleResumed', 'm=d firing #1 condition']);
    const resumed = ['m=b resolved #1 cleared', 'm=e firing #1 condition'];
    await user.send(clientId, { m: 'b', t: 70 });
    await user.send(clientId, { m: 'e', t: 90 });
    await vi.waitFor(() => expect(linesOf(alerts).slice(5)).toEqual(resumed), PATIENT);

    // A set that is rebuilt knows what was not published.
    await temporal.workflow.getHandle(setOf(rule)).terminate('a test');
    await vigil.put(rule);
    await vi.waitFor(async () => expect((await sets.state(setOf(rule)))?.recovery).toBeUndefined(), PATIENT);
    await user.send(clientId, { m: 'e', t: 70 });
    await vi.waitFor(() => expect(linesOf(alerts).slice(7)).toEqual(['m=e resolved #1 cleared']), PATIENT);
  });

  it('afresh: its alerts resolve, and it begins anew', { timeout: TEST_WITHIN_MS }, async () => {
    const clientId = 'pause-02';
    const rule = ruleOf(clientId, 'hot');
    const alerts = await user.listen(clientId, 'hot');
    await vigil.put(rule);
    await user.send(clientId, { m: 'a', t: 90 });
    await vi.waitFor(() => expect(linesOf(alerts)).toHaveLength(1), PATIENT);
    await post(`${clientId}/rules/hot/pause`);
    await untilPaused(rule);
    await user.send(clientId, { m: 'b', t: 90 });
    await post(`${clientId}/rules/hot/resume`, { mode: 'afresh' });
    await vi.waitFor(
      () => expect(linesOf(alerts)).toEqual(['m=a firing #1 condition', 'm=a resolved #1 ruleResumed']),
      PATIENT,
    );
    await user.send(clientId, { m: 'a', t: 90 });
    await vi.waitFor(() => expect(linesOf(alerts).slice(2)).toEqual(['m=a firing #1 condition']), PATIENT);
    // A set that is rebuilt then begins with the resume, too.
    await temporal.workflow.getHandle(setOf(rule)).terminate('a test');
    await vigil.put(rule);
    await vi.waitFor(async () => expect((await sets.state(setOf(rule)))?.recovery).toBeUndefined(), PATIENT);
    await user.send(clientId, { m: 'b', t: 91 });
    await vi.waitFor(() => expect(linesOf(alerts).slice(3)).toEqual(['m=b firing #1 condition']), PATIENT);
  });
});

it(
  'a group that reports first while its rule is paused begins with the resume',
  { timeout: TEST_WITHIN_MS },
  async () => {
    const clientId = 'pause-05';
    const rule = ruleOf(clientId, 'hot', { groupBy: ['site'] });
    const alerts = await user.listen(clientId, 'hot');
    await vigil.put(rule);
    await user.send(clientId, { m: 'a', site: 'x', t: 90 });
    await vi.waitFor(() => expect(linesOf(alerts)).toHaveLength(1), PATIENT);
    await post(`${clientId}/rules/hot/pause`);
    await vi.waitFor(
      async () => expect(await sets.state(partitionSetIds(rule).of(['x']))).toHaveProperty('paused'),
      PATIENT,
    );
    for (const t of [90, 70]) await user.send(clientId, { m: 'b', site: 'y', t });
    const witness = ruleOf(clientId, 'witness');
    const others = await user.listen(clientId, 'witness');
    await vigil.put(witness);
    await user.send(clientId, { m: 'c', site: 'x', t: 90 });
    await vi.waitFor(() => expect(linesOf(others)).toHaveLength(1), PATIENT);
    expect(await sets.state(partitionSetIds(rule).of(['y']))).toBeNull();
    await post(`${clientId}/rules/hot/resume`);
    await vi.waitFor(
      () =>
        expect(linesOf(alerts).slice(1).sort()).toEqual([
          'm=b firing #1 condition',
          'm=b resolved #1 cleared',
          'm=c firing #1 condition',
        ]),
      PATIENT,
    );
  },
);

describe('a client is paused and resumed', () => {
  it(
    'with all its rules, also those that are stored meanwhile, but for those that were paused by themselves',
    { timeout: TEST_WITHIN_MS },
    async () => {
      const clientId = 'pause-03';
      const [one, own, later] = ['one', 'own', 'later'].map((id) => ruleOf(clientId, id)) as [Rule, Rule, Rule];
      const alerts = await user.listen(clientId);
      for (const each of [one, own]) await vigil.put(each);
      await post(`${clientId}/rules/own/pause`);
      expect(await post(`${clientId}/pause`, { note: 'moving' })).toMatchObject({
        changed: true,
        rules: 1,
        problems: [],
      });
      expect(await post(`${clientId}/pause`)).toMatchObject({ changed: false, rules: 0, paused: { note: 'moving' } });
      await vigil.put(later);
      const listed = await get<{ rules: { rule: Rule; status: string; paused: { of: string } }[] }>(
        `${clientId}/rules`,
      );
      expect(listed.rules.map(({ rule, status, paused }) => [rule.id, status, paused.of])).toEqual([
        ['later', 'paused', 'client'],
        ['one', 'paused', 'client'],
        ['own', 'paused', 'rule'],
      ]);
      const refused = await fetch(`${vigil.app.url}/api/clients/${clientId}/rules/own/resume`, { method: 'POST' });
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([409, 'CLIENT_PAUSED']);
      await user.send(clientId, { m: 'a', t: 90 });
      expect(await post(`${clientId}/resume`)).toMatchObject({ changed: true, rules: 2, paused: null });
      await user.send(clientId, { m: 'b', t: 90 });
      await vi.waitFor(
        () =>
          expect(alerts.map(({ data }) => `${data.ruleId} ${recordBits(data.partition)}`).sort()).toEqual([
            ...['later m=a', 'later m=b', 'one m=a', 'one m=b'],
          ]),
        PATIENT,
      );
      expect(await get(`${clientId}/rules?status=paused`)).toMatchObject({ rules: [{ rule: { id: 'own' } }] });
    },
  );
});
