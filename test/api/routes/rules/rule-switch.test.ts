import { beforeEach, describe, expect, test } from 'vitest';
import type { Hono } from 'hono';
import { createApi } from '../../../../src/api/api.ts';
import { VigilError } from '../../../../src/core/primitives/errors.ts';
import { fakeVigil, machineRule, type FakeVigil } from '../../fakes/fake-ports.ts';

const RULE = machineRule('client-01', 'hot');

let vigil: FakeVigil;
let api: Hono;
beforeEach(() => {
  vigil = fakeVigil({ rules: [RULE] });
  api = createApi(vigil.deps);
});

const turn = async (command: 'enable' | 'disable', headers = {}, ruleId = 'hot') => {
  const answer = await api.request(`/api/clients/client-01/rules/${ruleId}/${command}`, { method: 'POST', headers });
  return { status: answer.status, etag: answer.headers.get('etag'), body: await answer.json() };
};

describe('disable and enable', () => {
  test('store a new version, and leave the rule as it was', async () => {
    const off = {
      status: 200,
      etag: '"2"',
      body: {
        ...{ version: 2, rule: { ...RULE, enabled: false }, change: 'changed' },
        effects: { kind: 'ends', resolvesAlerts: true },
      },
    };
    expect(await turn('disable')).toMatchObject(off);
    const on = await turn('enable');
    expect(on).toMatchObject({ status: 200, etag: '"3"', body: { version: 3, effects: { kind: 'starts' } } });
    expect((on.body as { rule: unknown }).rule).toEqual(RULE);
  });

  test('change nothing the second time', async () => {
    expect(await turn('enable')).toMatchObject({ status: 200, etag: '"1"', body: { version: 1, change: 'unchanged' } });
    await turn('disable');
    expect(await turn('disable')).toMatchObject({ status: 200, etag: '"2"', body: { version: 2 } });
  });

  test('respect If-Match, also if they change nothing', async () => {
    await turn('disable');
    for (const command of ['enable', 'disable'] as const)
      expect(await turn(command, { 'if-match': '"1"' })).toMatchObject({ status: 412, body: { code: 'RULE_CHANGED' } });
    expect(await turn('enable', { 'if-match': '"2"' })).toMatchObject({ status: 200, etag: '"3"' });
  });

  test('keep the change that someone else makes at the same moment', async () => {
    const { put } = vigil.deps.rules;
    let isFirst = true;
    vigil.deps.rules.put = async (rule, ifVersion) => {
      if (isFirst) await put({ ...RULE, severity: 'info' });
      isFirst = false;
      return put(rule, ifVersion);
    };
    expect(await turn('disable')).toMatchObject({ body: { version: 3, rule: { severity: 'info', enabled: false } } });
  });

  test('give up if the rule changes all the time', async () => {
    vigil.deps.rules.put = () => Promise.reject(new VigilError('RULE_CHANGED', 'Again.'));
    expect(await turn('disable')).toMatchObject({ status: 412 });
  });

  test('of a missing rule are a 404', async () => {
    expect(await turn('enable', {}, 'none')).toMatchObject({ status: 404, body: { code: 'RULE_NOT_FOUND' } });
  });
});
