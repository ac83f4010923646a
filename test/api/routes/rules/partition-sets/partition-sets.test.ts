import { beforeEach, expect, it } from 'vitest';
import type { Hono } from 'hono';
import { createApi } from '../../../../../src/api/api.ts';
import { explain } from '../../../../../src/core/explain/explain.ts';
import { driver } from '../../../../support/evaluation/driver.ts';
import { fakeVigil, machineRule, type FakeVigil } from '../../../fakes/fake-ports.ts';

const RULE = machineRule('client-01', 'stopped');
const SET = 'client-01/rules/stopped/type=status';

let vigil: FakeVigil;
let api: Hono;
beforeEach(() => {
  vigil = fakeVigil({ rules: [RULE] });
  api = createApi(vigil.deps);
  const summary = { clientId: 'client-01', ruleId: 'stopped' };
  vigil.sets.push(
    { ...summary, workflowId: `${SET}/site=b`, status: 'inactive' },
    { ...summary, workflowId: `${SET}/site=a`, status: 'firing' },
    { ...summary, workflowId: 'client-01/rules/other/x', ruleId: 'other', status: 'firing' },
  );
  const set = driver(RULE);
  set.send(0, { type: 'status', machineId: 'm1', state: 'stopped' });
  vigil.running.set(`${SET}/site=a`, (request) => explain(set.set(), request));
});

interface Listed {
  id: string;
  workflowId: string;
  status: string;
}

async function get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await api.request(`/api/clients/client-01/rules/${path}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
async function list(query = ''): Promise<Listed[]> {
  return (await get(`stopped/partition-sets${query}`)).body['partitionSets'] as Listed[];
}

it('lists the partition sets of a rule, by workflow id', async () => {
  expect((await list()).map(({ workflowId, status }) => [workflowId, status])).toEqual([
    [`${SET}/site=a`, 'firing'],
    [`${SET}/site=b`, 'inactive'],
  ]);
});

it('lists those with a status', async () => {
  expect((await list('?status=inactive')).map(({ workflowId }) => workflowId)).toEqual([`${SET}/site=b`]);
});

it('lists in pages', async () => {
  const { body } = await get('stopped/partition-sets?limit=1');
  const [second] = await list(`?limit=1&cursor=${String(body['next'])}`);
  expect(second?.workflowId).toBe(`${SET}/site=b`);
});

it('says what one of them knows now', async () => {
  const [first] = await list();
  const { status, body } = await get(`stopped/partition-sets/${first?.id ?? ''}`);
  expect([status, body]).toMatchObject([
    200,
    { id: first?.id, workflowId: `${SET}/site=a`, status: 'firing', explanation: { alert: { state: 'firing' } } },
  ]);
});

it.each([
  ['a rule that does not exist', 'none/partition-sets', 404, 'RULE_NOT_FOUND'],
  ['a set that does not exist', 'stopped/partition-sets/aaaaaaaaaaaaaaaaaaaaaa', 404, 'PARTITION_SET_NOT_FOUND'],
  ['what is no id', 'stopped/partition-sets/a', 400, 'REQUEST_INVALID'],
  ['an unknown status', 'stopped/partition-sets?status=odd', 400, 'REQUEST_INVALID'],
])('refuses %s', async (_what, path, status, code) => {
  const answer = await get(path);
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
});

it('refuses a set that Temporal still lists, but that has ended', async () => {
  const [, second] = await list();
  expect((await get(`stopped/partition-sets/${second?.id ?? ''}`)).body['code']).toBe('PARTITION_SET_NOT_FOUND');
});
