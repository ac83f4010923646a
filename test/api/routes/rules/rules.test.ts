import { beforeEach, describe, expect, test } from 'vitest';
import type { Hono } from 'hono';
import { stringify } from 'yaml';
import { createApi } from '../../../../src/api/api.ts';
import type { SetSummary } from '../../../../src/api/ports/partition-sets.ts';
import { VigilError } from '../../../../src/core/primitives/errors.ts';
import { fakeVigil, machineRule, type FakeVigil } from '../../fakes/fake-ports.ts';

const ADDRESS = '/api/clients/client-01/rules/all-stopped';
const RULE = machineRule('client-01', 'all-stopped');
const RULE_WITHOUT_IDS = { ...RULE, id: undefined, clientId: undefined };

let vigil: FakeVigil;
let api: Hono;
beforeEach(() => {
  vigil = fakeVigil();
  api = createApi(vigil.deps);
});

const put = (body: string, contentType = 'application/json', address = ADDRESS): Promise<Response> =>
  Promise.resolve(api.request(address, { method: 'PUT', headers: { 'content-type': contentType }, body }));
const set = (workflow: string, status: SetSummary['status'], ruleId = 'all-stopped'): SetSummary => ({
  workflowId: workflow,
  clientId: 'client-01',
  ruleId,
  status,
});

describe('PUT', () => {
  test('creates a rule: 201 with version 1', async () => {
    const answer = await put(JSON.stringify(RULE));
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({
      ...{ rule: RULE, version: 1, edition: 1, storedAt: '2026-01-01T00:00:00.000Z' },
      ...{ change: 'created', effects: { kind: 'starts' } },
    });
  });

  test('changes a rule: 200 with the next version', async () => {
    await put(JSON.stringify(RULE));
    const answer = await put(JSON.stringify({ ...RULE, severity: 'info' }));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ rule: { severity: 'info' }, version: 2, edition: 2 });
  });

  test('takes missing ids from the path', async () => {
    const answer = await put(JSON.stringify(RULE_WITHOUT_IDS));
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ rule: RULE });
  });

  test.each(['application/yaml', 'text/yaml', 'application/x-yaml', 'application/x-www-form-urlencoded'])(
    'accepts YAML as %s',
    async (type) => {
      const answer = await put(stringify(RULE_WITHOUT_IDS), type);
      expect(answer.status).toBe(201);
      expect(await answer.json()).toMatchObject({ rule: RULE });
    },
  );

  test.each([
    ['id', { ...RULE, id: 'another' }],
    ['clientId', { ...RULE, clientId: 'client-02' }],
  ])('rejects a body whose %s contradicts the path', async (property, body) => {
    const answer = await put(JSON.stringify(body));
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'RULE_ID_MISMATCH', fields: { property } });
    expect(await vigil.deps.rules.list('client-01')).toEqual([]);
  });

  test('lists every issue of an invalid rule', async () => {
    const answer = await put(JSON.stringify({ ...RULE, where: [], severity: 'bad' }));
    expect(answer.status).toBe(400);
    const { code, fields } = (await answer.json()) as { code: string; fields: { issues: { path: string }[] } };
    expect(code).toBe('RULE_INVALID');
    expect(fields.issues.map((issue) => issue.path)).toEqual(['where', 'severity']);
  });

  test.each([
    ['JSON', 'application/json', '{"where": ', 'JSON'],
    ['YAML', 'application/yaml', 'where: [', 'at line 1, column 9'],
    ['an object', 'application/json', '"text"', 'The body is not an object.'],
    ['one document', 'application/yaml', 'a: 1\n---\nb: 2\n', 'multiple documents'],
    ['present', 'application/json', '', 'JSON'],
  ])('rejects a body that is not %s', async (_, type, body, text) => {
    const answer = await put(body, type);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      code: 'RULE_INVALID',
      detail: expect.stringContaining(text) as string,
      fields: { issues: [{ path: '' }] },
    });
  });

  test('rejects an invalid id', async () => {
    const answer = await put(
      JSON.stringify(RULE_WITHOUT_IDS),
      'application/json',
      '/api/clients/client-01/rules/All.Stopped',
    );
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'RULE_INVALID', fields: { issues: [{ path: 'id' }] } });
  });
});

describe('GET and DELETE', () => {
  test('read one rule back', async () => {
    await put(JSON.stringify(RULE));
    const answer = await api.request(ADDRESS);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      ...{ rule: RULE, version: 1, edition: 1, storedAt: '2026-01-01T00:00:00.000Z', paused: null },
    });
  });

  test('delete a rule with 204', async () => {
    await put(JSON.stringify(RULE));
    const deleted = await api.request(ADDRESS, { method: 'DELETE' });
    expect(deleted.status).toBe(204);
    expect(await deleted.text()).toBe('');
    expect((await api.request(ADDRESS)).status).toBe(404);
  });

  test.each(['GET', 'DELETE'])('answer %s of a missing rule with 404', async (method) => {
    for (const ruleId of ['nothing', '*', 'a.b', '%3E']) {
      const answer = await api.request(`/api/clients/client-01/rules/${ruleId}`, { method });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: 'RULE_NOT_FOUND' });
    }
  });
});

describe('the list of a client', () => {
  const list = async (): Promise<unknown> => (await api.request('/api/clients/client-01/rules')).json();

  test('is empty without rules', async () => {
    expect(await list()).toEqual({ rules: [], next: null });
  });

  test('has each rule with its version', async () => {
    await put(JSON.stringify(RULE));
    expect(await list()).toMatchObject({
      rules: [{ rule: RULE, version: 1, edition: 1, storedAt: '2026-01-01T00:00:00.000Z' }],
    });
  });

  test.each([
    { sets: [], status: 'inactive' },
    { sets: [set('a', 'inactive')], status: 'inactive' },
    { sets: [set('a', 'inactive'), set('b', 'pending')], status: 'pending' },
    { sets: [set('a', 'pending'), set('b', 'firing'), set('c', 'inactive')], status: 'firing' },
    { sets: [set('a', 'firing', 'another-rule')], status: 'inactive' },
  ])('has the status $status, the worst of its sets, for $sets.length sets', async ({ sets, status }) => {
    await put(JSON.stringify(RULE));
    vigil.sets.push(...sets);
    expect(await list()).toMatchObject({ rules: [{ status }] });
  });

  test('counts the partition sets', async () => {
    await put(JSON.stringify(RULE));
    vigil.sets.push(set('a', 'pending'), set('b', 'firing'), set('c', 'firing'));
    expect(await list()).toMatchObject({ rules: [{ sets: { firing: 2, pending: 1, inactive: 0 } }] });
  });

  test('has status disabled for a disabled rule', async () => {
    await put(JSON.stringify({ ...RULE, enabled: false }));
    vigil.sets.push(set('a', 'firing'));
    expect(await list()).toMatchObject({ rules: [{ status: 'disabled' }] });
  });
});

describe('while Temporal is unreachable', () => {
  beforeEach(async () => {
    await put(JSON.stringify(RULE));
    await put(
      JSON.stringify({ ...RULE_WITHOUT_IDS, enabled: false }),
      'application/json',
      '/api/clients/client-01/rules/off',
    );
    vigil.deps.sets.list = () => Promise.reject(new VigilError('TEMPORAL_UNREACHABLE', 'Wait.'));
  });

  test('the list has the rules, with status unknown for enabled ones, and the reason', async () => {
    const answer = await api.request('/api/clients/client-01/rules');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      rules: [
        { rule: RULE, version: 1, edition: 1, status: 'unknown', sets: null },
        { rule: { id: 'off' }, status: 'disabled', sets: null },
      ],
      problem: { code: 'TEMPORAL_UNREACHABLE', message: 'Temporal does not answer. Wait.' },
    });
  });

  test('rules can be created, read and deleted', async () => {
    expect((await put(JSON.stringify({ ...RULE, severity: 'info' }))).status).toBe(200);
    expect((await api.request(ADDRESS)).status).toBe(200);
    expect((await api.request(ADDRESS, { method: 'DELETE' })).status).toBe(204);
  });

  test('other errors are not hidden', async () => {
    vigil.deps.sets.list = () => Promise.reject(new Error('something else'));
    const answer = await createApi(vigil.deps, { logger: { error: () => undefined } }).request(
      '/api/clients/client-01/rules',
    );
    expect(answer.status).toBe(500);
  });
});

describe('ETag and If-Match', () => {
  const ask = (method: string, ifMatch: string, body?: object): Promise<Response> =>
    Promise.resolve(
      api.request(ADDRESS, {
        method,
        headers: { 'content-type': 'application/json', 'if-match': ifMatch },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );

  test('the ETag of a rule is its version', async () => {
    const created = await put(JSON.stringify(RULE));
    expect(created.headers.get('etag')).toBe('"1"');
    expect((await api.request(ADDRESS)).headers.get('etag')).toBe('"1"');
  });

  test('a change of the expected version is stored', async () => {
    await put(JSON.stringify(RULE));
    const changed = await ask('PUT', '"1"', { ...RULE, severity: 'info' });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    expect((await ask('PUT', '*', RULE)).status).toBe(200);
    expect((await ask('DELETE', '"3"')).status).toBe(204);
  });

  test.each(['PUT', 'DELETE'])('%s of another version is a 412, and changes nothing', async (method) => {
    await put(JSON.stringify(RULE));
    await put(JSON.stringify({ ...RULE, severity: 'info' }));
    const refused = await ask(method, '"1"', method === 'PUT' ? RULE : undefined);
    expect(refused.status).toBe(412);
    expect(await refused.json()).toMatchObject({ code: 'RULE_CHANGED' });
    expect(await (await api.request(ADDRESS)).json()).toMatchObject({ version: 2, rule: { severity: 'info' } });
  });

  test.each(['1', '"one"', 'W/"1"'])('%s is no ETag of a rule', async (tag) => {
    const refused = await ask('PUT', tag, RULE);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: 'REQUEST_INVALID', fields: { ifMatch: tag } });
  });
});
