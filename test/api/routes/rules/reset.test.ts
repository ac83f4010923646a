import { beforeEach, expect, it } from 'vitest';
import type { Hono } from 'hono';
import { createApi } from '../../../../src/api/api.ts';
import { explain } from '../../../../src/core/explain/explain.ts';
import { driver } from '../../../support/evaluation/driver.ts';
import { fakeVigil, machineRule, type FakeVigil } from '../../fakes/fake-ports.ts';

const RULE = machineRule('client-01', 'stopped');
const SET = 'client-01/rules/stopped/type=status';

let vigil: FakeVigil;
let api: Hono;
beforeEach(() => {
  vigil = fakeVigil({ rules: [RULE] });
  api = createApi(vigil.deps);
  for (const site of ['a', 'b'])
    vigil.sets.push({ clientId: 'client-01', ruleId: 'stopped', workflowId: `${SET}/site=${site}`, status: 'firing' });
  const set = driver(RULE);
  vigil.running.set(`${SET}/site=a`, (request) => explain(set.set(), request));
});

async function reset(body: object, ruleId = 'stopped'): Promise<{ status: number; body: Record<string, unknown> }> {
  const path = `/api/clients/client-01/rules/${ruleId}/reset`;
  const answer = await api.request(path, { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

it('resets each partition set of a rule, and says which could not be', async () => {
  expect(await reset({ by: 'ana' })).toMatchObject({
    status: 200,
    body: {
      dryRun: false,
      partitionSets: [
        { workflowId: `${SET}/site=a` },
        { workflowId: `${SET}/site=b`, problem: { code: 'PARTITION_SET_NOT_FOUND' } },
      ],
    },
  });
});

it('only lists the partition sets in a dry run', async () => {
  const { body } = await reset({ by: 'ana', dryRun: true });
  expect(body).toMatchObject({ dryRun: true, partitionSets: [{ status: 'firing' }, { status: 'firing' }] });
});

it('finds the place of a time, and the events since then', async () => {
  expect(await reset({ by: 'ana', to: new Date().toISOString(), dryRun: true })).toMatchObject({
    status: 200,
    body: {
      partitionSets: [
        { workflowId: `${SET}/site=a`, from: { runId: 'run-1', eventId: '7', events: 0 } },
        { workflowId: `${SET}/site=b`, problem: { code: 'RESET_IMPOSSIBLE' } },
      ],
    },
  });
});

it.each([
  ['to a time to come', { by: 'ana', to: '2100-01-01T00:00:00Z' }, 'stopped', 400, 'REQUEST_INVALID'],
  ['without a name', {}, 'stopped', 400, 'REQUEST_INVALID'],
  ['for an unknown rule', { by: 'ana' }, 'other', 404, 'RULE_NOT_FOUND'],
])('refuses a request %s', async (_what, body, ruleId, status, code) => {
  expect(await reset(body, ruleId)).toMatchObject({ status, body: { code } });
});
