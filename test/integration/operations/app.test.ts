import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { stateQuery } from '../../../workflows/messages.ts';
import { connectUser, summary, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
/** Generous, because a busy machine can stall for seconds. */
const AT_ONCE = { timeout: 10_000, interval: 10 };
const PATIENT = { timeout: 20_000, interval: 20 };

let vigil: TestVigil;
let user: NatsUser;
let temporal: Client;
beforeAll(async () => {
  [vigil, user, temporal] = await Promise.all([
    startVigil({ servers }),
    connectUser(servers.natsUrl),
    connectTemporal(servers.temporalAddress, 'default'),
  ]);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
  await temporal.connection.close();
  expect(vigil.failures).toEqual([]);
});

const anyStopped = (clientId: string, changes: object = {}): Rule =>
  parseRule({
    id: 'any-stopped',
    clientId,
    where: [{ property: 'type', equals: 'status' }],
    partitionBy: ['machineId'],
    evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
    ...changes,
  });
const stopped = { machineId: 'm1', state: 'stopped' };
const running = { machineId: 'm1', state: 'running' };
const setIdOf = (rule: Rule, group: string[] = []): string => compileRule(rule).ids.of(group);

async function listed(query: string): Promise<WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  for await (const execution of temporal.workflow.list({ query })) found.push(execution);
  return found;
}
const runningOf = async (rule: Rule): Promise<string[]> =>
  (await listed(`ClientId='${rule.clientId}' AND RuleId='${rule.id}' AND ExecutionStatus='Running'`))
    .map(({ workflowId }) => workflowId)
    .sort();

describe('events and alerts', () => {
  it('can be sent and received with any NATS client', async () => {
    const rule = anyStopped('plain');
    const alerts = await user.listen('plain', rule.id);
    await vigil.put(rule);
    await user.send('plain', stopped);
    await user.send('plain', running);
    await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition', 'resolved #1 cleared']), AT_ONCE);
    expect(alerts[0]).toMatchObject({
      specversion: '1.0',
      type: 'vigil.alert.v1',
      data: {
        clientId: 'plain',
        ruleId: 'any-stopped',
        severity: 'warning',
        evidence: { items: [{ partition: { machineId: 'm1' }, value: 'stopped' }], total: 1 },
      },
    });
  });

  it('can be CloudEvents', async () => {
    const rule = anyStopped('cloud');
    const alerts = await user.listen('cloud');
    await vigil.put(rule);
    const time = new Date(Date.now() - 60_000).toISOString();
    await user.send('cloud', {
      specversion: '1.0',
      id: 'e-1',
      source: '/press-7',
      type: 'com.example.status',
      time,
      data: stopped,
    });
    await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), AT_ONCE);
    expect(alerts[0]?.data.startsAt).toBe(time);
  });
});

describe('a rule', () => {
  it('gets every event stored after its creation was acknowledged', async () => {
    const ROUNDS = 20;
    const alerts = await user.listen('ack');
    for (let round = 0; round < ROUNDS; round++) {
      await vigil.put(anyStopped('ack', { id: `rule-${round}` }));
      await user.send('ack', stopped);
    }
    await vi.waitFor(() => expect(new Set(alerts.map(({ data }) => data.ruleId)).size).toBe(ROUNDS), PATIENT);
    for (let round = 0; round < ROUNDS; round++) await vigil.remove('ack', `rule-${round}`);
  });

  it('does not get events stored before', async () => {
    const alerts = await user.listen('before');
    await user.send('before', stopped);
    await vigil.put(anyStopped('before'));
    await user.send('before', { ...stopped, machineId: 'm2' });
    await vi.waitFor(() => expect(alerts).toHaveLength(1), PATIENT);
    expect(alerts[0]?.data.evidence.items.map(({ partition }) => partition)).toEqual([{ machineId: 'm2' }]);
  });

  it('runs as a workflow soon, before any event', async () => {
    const rule = anyStopped('early');
    await vigil.put(rule);
    await vi.waitFor(async () => expect(await runningOf(rule)).toEqual([setIdOf(rule)]), AT_ONCE);
  });

  it('that changes takes effect soon', async () => {
    const alerts = await user.listen('change');
    await vigil.put(anyStopped('change'));
    await user.send('change', stopped);
    await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), AT_ONCE);
    const evaluate = { type: 'any', having: { calc: 'latest', property: 'state', equals: 'burning' } };
    await vigil.put(anyStopped('change', { evaluate }));
    await vi.waitFor(
      () => expect(summary(alerts)).toEqual(['firing #1 condition', 'resolved #1 ruleUpdated']),
      AT_ONCE,
    );
    await user.send('change', { machineId: 'm1', state: 'burning' });
    await vi.waitFor(() => expect(summary(alerts).slice(2)).toEqual(['firing #2 condition']), AT_ONCE);
  });

  it('that is disabled resolves its alerts and ends its workflow; enabled again, it fires again', async () => {
    const rule = anyStopped('rest');
    const alerts = await user.listen('rest');
    await vigil.put(rule);
    await user.send('rest', stopped);
    await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), AT_ONCE);
    await vigil.put({ ...rule, enabled: false });
    await vi.waitFor(() => expect(summary(alerts).slice(1)).toEqual(['resolved #1 ruleDisabled']), AT_ONCE);
    await temporal.workflow.getHandle(setIdOf(rule)).result();
    await user.send('rest', stopped);
    await vigil.put(rule);
    await user.send('rest', stopped);
    await vi.waitFor(() => expect(summary(alerts).slice(2)).toEqual(['firing #1 condition']), AT_ONCE);
  });

  it('that is deleted resolves its alerts and completes its workflow; created again, it has new alert ids', async () => {
    const rule = anyStopped('gone');
    const alerts = await user.listen('gone');
    await vigil.put(rule);
    await user.send('gone', stopped);
    await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), AT_ONCE);
    await vigil.remove('gone', rule.id);
    await vi.waitFor(() => expect(summary(alerts).slice(1)).toEqual(['resolved #1 ruleDeleted']), AT_ONCE);
    await temporal.workflow.getHandle(setIdOf(rule)).result();

    await vigil.put(rule);
    await user.send('gone', stopped);
    await vi.waitFor(() => expect(summary(alerts).slice(2)).toEqual(['firing #1 condition']), AT_ONCE);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length);
  });

  it('that is deleted and created again immediately runs and gets new events', async () => {
    const rule = anyStopped('hasty');
    const alerts = await user.listen('hasty');
    await vigil.put(rule);
    await vi.waitFor(async () => expect(await runningOf(rule)).toHaveLength(1), AT_ONCE);
    for (let round = 0; round < 5; round++) {
      await vigil.remove('hasty', rule.id);
      const { version } = await vigil.put(rule);
      const stateOfNew = async () =>
        (await temporal.workflow.getHandle(setIdOf(rule)).query(stateQuery)).state.generation;
      // Temporal does not let a run continue as new within its first second.
      await vi.waitFor(async () => expect(await stateOfNew()).toMatch(new RegExp(`\\.${version}$`)), PATIENT);
      await user.send('hasty', stopped);
      const lives = Array.from({ length: round + 1 }, () => 'firing #1 condition');
      await vi.waitFor(
        () => expect(summary(alerts)).toEqual(lives.join(' resolved #1 ruleDeleted ').match(/\w+ #1 \w+/g)),
        AT_ONCE,
      );
    }
  });

  it('that is created and deleted immediately leaves no workflow', async () => {
    for (let round = 0; round < 5; round++) {
      const rule = anyStopped('brief', { id: `brief-${round}` });
      await vigil.put(rule);
      await vigil.remove('brief', rule.id);
    }
    const last = anyStopped('brief', { id: 'last' });
    await vigil.put(last);
    await vi.waitFor(async () => expect(await runningOf(last)).toHaveLength(1), AT_ONCE);
    await vi.waitFor(
      async () =>
        expect(
          (await listed("ClientId='brief' AND ExecutionStatus='Running'")).map(({ workflowId }) => workflowId),
        ).toEqual([setIdOf(last)]),
      AT_ONCE,
    );
  });

  it('has one workflow per group, which fire independently', async () => {
    const rule = anyStopped('groups', { groupBy: ['site'] });
    const alerts = await user.listen('groups');
    await vigil.put(rule);
    for (const site of ['berlin', 'köln']) await user.send('groups', { site, ...stopped });
    await user.send('groups', { site: 'berlin', ...running });
    await user.send('groups', { ...stopped, note: 'says no site' });
    await vi.waitFor(() => expect(alerts).toHaveLength(3), AT_ONCE);
    const of = (site: string) => summary(alerts.filter(({ data }) => data.group['site'] === site));
    expect(of('berlin')).toEqual(['firing #1 condition', 'resolved #1 cleared']);
    expect(of('köln')).toEqual(['firing #1 condition']);
    await vi.waitFor(
      async () => expect(await runningOf(rule)).toEqual([setIdOf(rule, ['berlin']), setIdOf(rule, ['köln'])].sort()),
      PATIENT,
    );
  });

  it('that matches other events has another workflow, and the old one ends', async () => {
    const rule = anyStopped('elsewhere');
    const alerts = await user.listen('elsewhere');
    await vigil.put(rule);
    await user.send('elsewhere', stopped);
    await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), AT_ONCE);
    const changed = anyStopped('elsewhere', { where: [{ property: 'type', equals: 'report' }] });
    await vigil.put(changed);
    await user.send('elsewhere', stopped, 'report');
    await vi.waitFor(
      () =>
        expect(summary(alerts).sort()).toEqual([
          'firing #1 condition',
          'firing #1 condition',
          'resolved #1 ruleUpdated',
        ]),
      AT_ONCE,
    );
    await temporal.workflow.getHandle(setIdOf(rule)).result();
    await vi.waitFor(async () => expect(await runningOf(rule)).toEqual([setIdOf(changed)]), PATIENT);
  });
});

describe('Temporal', () => {
  it('finds a workflow by client, rule, status and version, and queries its state', async () => {
    const rule = anyStopped('looked-at', { name: 'Any machine stopped', expect: [{ machineId: 'm9' }] });
    const { version } = await vigil.put(rule);
    await user.send('looked-at', stopped);
    const query = `ClientId='looked-at' AND RuleId='any-stopped' AND RuleStatus='firing' AND RuleVersion=${version}`;
    await vi.waitFor(
      async () => expect((await listed(query)).map(({ workflowId }) => workflowId)).toEqual([setIdOf(rule)]),
      PATIENT,
    );
    expect(setIdOf(rule)).toBe('looked-at/rules/any-stopped/type=status');

    const handle = temporal.workflow.getHandle(setIdOf(rule));
    expect(await handle.query(stateQuery)).toMatchObject({
      status: 'firing',
      live: 1,
      satisfying: 1,
      faults: [],
      state: { counters: { applied: 1 } },
    });
    expect(await (await handle.describe()).staticSummary()).toBe('looked-at: Any machine stopped');
    const answer = await fetch(`${vigil.app.url}/api/clients/looked-at/rules`);
    expect(await answer.json()).toMatchObject({ rules: [{ version, status: 'firing', sets: { firing: 1 } }] });
  });
});
