import type { Hono } from 'hono';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { createApi } from '../../../../src/api/api.ts';
import { fakeVigil, machineRule, type FakeVigil } from '../../fakes/fake-ports.ts';

const ADDRESS = '/api/clients/client-01/rules/hot';
const RULE = machineRule('client-01', 'hot');

let vigil: FakeVigil;
let api: Hono;
beforeEach(() => {
  vigil = fakeVigil({ rules: [RULE] });
  api = createApi(vigil.deps);
});

const ask = async (method: string, address: string, body?: object, headers: Record<string, string> = {}) => {
  const answer = await api.request(address, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, etag: answer.headers.get('etag'), body: await answer.json().catch(() => null) };
};
const put = (body: object, headers?: Record<string, string>, address = ADDRESS) => ask('PUT', address, body, headers);
const versionOf = async (id = 'hot') => (await vigil.deps.rules.get('client-01', id))?.version ?? null;

describe('the answer to a change', () => {
  test.each<[what: string, rule: object, change: string, kind: string]>([
    ['the same rule', RULE, 'unchanged', 'nothing'],
    ['another name', { ...RULE, name: 'Hot' }, 'changed', 'keepsAll'],
    ['another for', { ...RULE, for: '3m' }, 'changed', 'judgesAgain'],
    ['another partitionBy', { ...RULE, partitionBy: ['line'] }, 'changed', 'beginsAnew'],
    ['a disabled rule', { ...RULE, enabled: false }, 'changed', 'ends'],
  ])('says what it does, before and after: %s', async (_what, rule, change, kind) => {
    const before = await put(rule, {}, `${ADDRESS}?dryRun=true`);
    expect(await versionOf()).toBe(1);
    const after = await put(rule);
    expect(after).toMatchObject({ status: 200, etag: '"2"', body: { version: 2, change, effects: { kind } } });
    const { effects } = after.body as { effects: object };
    expect(before).toMatchObject({ status: 200, etag: '"1"', body: { rule, version: 1, change, effects } });
  });

  it('says it for a rollback, too', async () => {
    await put({ ...RULE, partitionBy: ['line'] });
    const back = await ask('POST', `${ADDRESS}/rollback`, { version: 1 });
    expect(back).toMatchObject({
      etag: '"3"',
      body: { version: 3, change: 'changed', effects: { kind: 'beginsAnew' } },
    });
  });
});

describe('a dry run', () => {
  it('has a unified diff', async () => {
    const { body } = await put({ ...RULE, for: '3m' }, {}, `${ADDRESS}?dryRun=true`);
    expect((body as { diff: string }).diff).toContain('--- stored/client-01/hot\n+++ new/client-01/hot\n');
    expect((body as { diff: string }).diff).toContain('+for: 3m\n');
  });

  it('of a new rule answers 200, and does not create it', async () => {
    const address = '/api/clients/client-01/rules/new';
    const answer = await put({ ...RULE, id: 'new' }, {}, `${address}?dryRun=true`);
    expect(answer).toMatchObject({
      ...{ status: 200, etag: null },
      body: { change: 'created', version: null, edition: null, storedAt: null, effects: { kind: 'starts' } },
    });
    expect(await versionOf('new')).toBeNull();
  });

  test.each<[what: string, body: object, headers: Record<string, string>, query: string, status: number, code: string]>(
    [
      ['an invalid rule', { ...RULE, where: [] }, {}, 'dryRun=true', 400, 'RULE_INVALID'],
      ['another version', RULE, { 'if-match': '"7"' }, 'dryRun=true', 412, 'RULE_CHANGED'],
      ['a rule that exists', RULE, { 'if-none-match': '*' }, 'dryRun=true', 412, 'RULE_CHANGED'],
      ['a value that it does not have', RULE, {}, 'dryRun=yes', 400, 'REQUEST_INVALID'],
    ],
  )('refuses %s like the change itself', async (_what, body, headers, query, status, code) => {
    const answer = await put(body, headers, `${ADDRESS}?${query}`);
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('is none with dryRun=false', async () => {
    await put({ ...RULE, name: 'Hot' }, {}, `${ADDRESS}?dryRun=false`);
    expect(await versionOf()).toBe(2);
  });
});

describe('If-None-Match: *', () => {
  it('creates a rule, and changes none', async () => {
    const address = '/api/clients/client-01/rules/new';
    const rule = { ...RULE, id: 'new' };
    expect(await put(rule, { 'if-none-match': '*' }, address)).toMatchObject({ status: 201 });
    expect(await put(rule, { 'if-none-match': '*' }, address)).toMatchObject({
      status: 412,
      body: { code: 'RULE_CHANGED' },
    });
    expect(await versionOf('new')).toBe(1);
  });

  test.each([
    [{ 'if-none-match': '"1"' }, 'If-None-Match takes * only'],
    [{ 'if-none-match': '*', 'if-match': '"1"' }, 'not both'],
    [{ 'if-none-match': '*', 'if-match': '*' }, 'not both'],
  ])('refuses %j', async (headers, text) => {
    const answer = await put(RULE, headers);
    expect(answer).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    expect((answer.body as { detail: string }).detail).toContain(text);
  });
});

describe('If-Match', () => {
  const GARBAGE = [
    '"0"',
    '0',
    '1',
    '""',
    '"1',
    'W/"1"',
    '"1", "2"',
    '"-1"',
    '"1.5"',
    '"00"',
    '"x"',
    '"1000000000000000"',
  ];
  const CHANGES = [
    ['PUT', ADDRESS],
    ['PUT', `${ADDRESS}?dryRun=true`],
    ['DELETE', ADDRESS],
    ['POST', `${ADDRESS}/rollback`],
    ['POST', `${ADDRESS}/enable`],
    ['POST', `${ADDRESS}/disable`],
  ] as const;

  test.each(CHANGES.flatMap(([method, address]) => GARBAGE.map((tag) => [method, address, tag] as const)))(
    '%s %s refuses %s, and says what it takes',
    async (method, address, tag) => {
      const body = address.endsWith('rollback') ? { version: 1 } : RULE;
      const answer = await ask(method, address, method === 'DELETE' ? undefined : body, { 'if-match': tag });
      expect(answer).toMatchObject({
        status: 400,
        body: { code: 'REQUEST_INVALID', fields: { ifMatch: tag } },
      });
      expect((answer.body as { detail: string }).detail).toContain('its version in quotes, such as "17"');
      expect(await versionOf()).toBe(1);
    },
  );
});
