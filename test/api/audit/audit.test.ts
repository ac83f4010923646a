import { beforeEach, describe, expect, test } from 'vitest';
import type { Hono } from 'hono';
import { createApi } from '../../../src/api/api.ts';
import { AUDITED } from '../../../src/api/audit/record-changes.ts';
import { AUDIT_ACTIONS } from '../../../src/core/model/access/audit.ts';
import { LIMITS } from '../../../src/core/primitives/limits.ts';
import { deadLetter } from '../fakes/fake-dead-letters.ts';
import { alertOf, fakeVigil, machineRule, type FakeVigil } from '../fakes/fake-ports.ts';

const RULE = machineRule('client-01', 'hot');
const PATH = '/api/clients/client-01';
/** Ids of alerts. */
const [FIRING, GONE] = ['hot-hot-hot-hot-hot-00', 'gone-gone-gone-gone-00'];

let vigil: FakeVigil;
let api: Hono;
beforeEach(() => {
  vigil = fakeVigil({ rules: [RULE] });
  vigil.alerts.add(FIRING, alertOf({ clientId: 'client-01', ruleId: 'hot' }));
  vigil.acting.set('client-01/hot/1/firing', (_action, { by }) => {
    const acknowledged = { by, at: '2026-01-01T00:00:00Z' };
    return { changed: true, partition: {}, episode: 1, state: 'firing', severity: 'info', acknowledged };
  });
  vigil.deadLetters.stored.set(7, deadLetter(7, { bytes: '{"state":"on"}' }));
  api = createApi(vigil.deps, { logger: { error: () => undefined } });
});

const ask = async (method: string, path: string, body?: unknown, headers = {}): Promise<Response> =>
  api.request(path, {
    method,
    headers: { 'vigil-user': 'ana', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const { id: _, ...BODY } = RULE;

describe('every change has an entry: who, what, and what came of it', () => {
  const ok = { by: 'ana', clientId: 'client-01', result: 'ok' };
  test.each<[method: string, path: string, body: unknown, entry: object]>([
    ['PUT', `${PATH}/rules/hot`, BODY, { ...ok, action: 'putRule', ruleId: 'hot', version: 2 }],
    ['PUT', `${PATH}/rules/new`, BODY, { ...ok, action: 'putRule', ruleId: 'new', version: 1 }],
    ['DELETE', `${PATH}/rules/hot`, undefined, { ...ok, action: 'deleteRule', ruleId: 'hot' }],
    ['POST', `${PATH}/rules/hot/disable`, undefined, { ...ok, action: 'disableRule', ruleId: 'hot', version: 2 }],
    ['POST', `${PATH}/rules/hot/enable`, undefined, { ...ok, action: 'enableRule', ruleId: 'hot', version: 1 }],
    [
      'POST',
      `${PATH}/rules/hot/rollback`,
      { version: 1 },
      { ...ok, action: 'rollBackRule', ruleId: 'hot', version: 2 },
    ],
    [
      ...(['POST', `${PATH}/alerts/${FIRING}/acknowledge`, { by: 'bo', note: 'on it' }] as const),
      { ...ok, action: 'acknowledgeAlert', ruleId: 'hot', alertId: FIRING, note: 'on it' },
    ],
    [
      ...(['POST', `${PATH}/alerts/${FIRING}/snooze`, { by: 'bo', until: '2030-01-01T00:00:00Z' }] as const),
      { ...ok, action: 'snoozeAlert', ruleId: 'hot', alertId: FIRING, until: '2030-01-01T00:00:00Z' },
    ],
    ['POST', '/api/alerts/rebuild', undefined, { ...ok, clientId: null, action: 'rebuildAlerts' }],
    ['POST', '/api/dead-letters/7/replay', {}, { ...ok, action: 'replayDeadLetter', deadLetter: 7 }],
    ['DELETE', '/api/dead-letters/7', undefined, { ...ok, action: 'dropDeadLetter', deadLetter: 7 }],
  ])('%s %s', async (method, path, body, entry) => {
    expect((await ask(method, path, body)).ok).toBe(true);
    expect(vigil.audit).toEqual([
      { at: expect.stringMatching(/^20.*Z$/) as string, from: { channel: 'api', address: null }, ...entry },
    ]);
  });

  test.each<[method: string, path: string, body: unknown, entry: object]>([
    ['PUT', `${PATH}/rules/hot`, {}, { action: 'putRule', ruleId: 'hot', code: 'RULE_INVALID' }],
    ['DELETE', `${PATH}/rules/none`, undefined, { action: 'deleteRule', ruleId: 'none', code: 'RULE_NOT_FOUND' }],
    [
      ...(['POST', `${PATH}/rules/hot/rollback`, { version: 9 }] as const),
      { action: 'rollBackRule', code: 'RULE_VERSION_NOT_FOUND' },
    ],
    [
      ...(['POST', `${PATH}/alerts/${GONE}/acknowledge`, { by: 'bo' }] as const),
      { action: 'acknowledgeAlert', alertId: GONE, code: 'ALERT_NOT_FOUND' },
    ],
    ['POST', `${PATH}/alerts/acknowledge`, {}, { action: 'acknowledgeAlert', code: 'REQUEST_INVALID' }],
    [
      ...(['DELETE', '/api/dead-letters/9', undefined] as const),
      { action: 'dropDeadLetter', clientId: null, deadLetter: 9, code: 'DEAD_LETTER_NOT_FOUND' },
    ],
  ])('%s %s, refused', async (method, path, body, entry) => {
    expect((await ask(method, path, body)).ok).toBe(false);
    expect(vigil.audit).toMatchObject([{ by: 'ana', result: 'refused', ...entry }]);
  });

  test('of which nobody knows whether it was done', async () => {
    vigil.deps.rules.put = () => Promise.reject(new Error('away'));
    await ask('PUT', `${PATH}/rules/hot`, BODY);
    expect(vigil.audit).toMatchObject([{ action: 'putRule', result: 'failed', code: 'INTERNAL' }]);
  });

  test('one for each alert of many', async () => {
    await ask('POST', `${PATH}/alerts/acknowledge`, { by: 'bo', ids: [FIRING, GONE] });
    expect(vigil.audit).toMatchObject([
      { action: 'acknowledgeAlert', alertId: FIRING, ruleId: 'hot', result: 'ok' },
      { action: 'acknowledgeAlert', alertId: GONE, result: 'refused', code: 'ALERT_NOT_FOUND' },
    ]);
    expect(vigil.audit[0]).not.toHaveProperty('code');
  });

  test('none for what changes nothing, and for what the guard refuses', async () => {
    await ask('GET', `${PATH}/rules/hot`);
    await ask('DELETE', `${PATH}/rules/hot`, undefined, { 'sec-fetch-site': 'cross-site' });
    await ask('POST', `${PATH}/test-alert`);
    // An editor sends these while somebody writes.
    await ask('PUT', `${PATH}/rules/hot?dryRun=true`, BODY);
    await ask('PUT', `${PATH}/rules/hot?dryRun=true`, { where: [] });
    await ask('PUT', `${PATH}/rules/hot?dryRun=true`, BODY, { 'if-match': '"7"' });
    expect(vigil.audit).toEqual([]);
  });

  test('and every operation that changes something is known', () => {
    const changes = api.routes
      .filter(({ method, path }) => path.startsWith('/api/') && /^(PUT|POST|DELETE|PATCH)$/.test(method))
      .map(({ method, path }) => `${method} ${path}`);
    const others = changes.filter((change) => AUDITED[change] === undefined);
    expect([...new Set(others)].sort()).toEqual([
      'DELETE /api/session',
      'POST /api/clients/:clientId/events',
      'POST /api/clients/:clientId/events/:type',
      ...[
        'release',
        'start',
        'stop',
        ':machineId/start',
        ':machineId/stop',
        ':machineId/silence',
        ':machineId/unsilence',
      ]
        .map((command) => `POST /api/clients/:clientId/machines/${command}`)
        .sort(),
      'POST /api/clients/:clientId/rules/preview',
      'POST /api/clients/:clientId/test-alert',
      'POST /api/codec/decode',
      'POST /api/codec/encode',
      'POST /api/session',
    ]);
    expect(Object.keys(AUDITED).filter((operation) => !changes.includes(operation))).toEqual([]);
    expect([...new Set(Object.values(AUDITED))].sort()).toEqual([...AUDIT_ACTIONS].sort());
  });
});

describe('who and from where', () => {
  test.each<[what: string, headers: Record<string, string>, entry: object]>([
    ['nobody', { 'vigil-user': '' }, { by: null, from: { channel: 'api', address: null } }],
    ['a name that is not ASCII', { 'vigil-user': 'J%C3%B6rg' }, { by: 'Jörg' }],
    ['a name with a percent sign', { 'vigil-user': '100%' }, { by: '100%' }],
    ['the command line', { 'user-agent': 'vigil-cli' }, { from: { channel: 'cli' } }],
    ['a page of vigil', { 'sec-fetch-site': 'same-origin' }, { from: { channel: 'console' } }],
    ['a proxy', { 'x-forwarded-for': '10.0.0.7, 10.0.0.8' }, { from: { forwardedFor: '10.0.0.7, 10.0.0.8' } }],
    ['a long chain', { 'x-forwarded-for': '1'.repeat(9_000) }, { from: { forwardedFor: '1'.repeat(256) } }],
  ])('%s', async (_what, headers, entry) => {
    expect((await ask('POST', `${PATH}/rules/hot/disable`, undefined, headers)).status).toBe(200);
    expect(vigil.audit).toMatchObject([entry]);
    expect(await (await ask('GET', `${PATH}/rules/hot/versions`)).json()).toMatchObject({
      versions: [{ version: 2, change: 'disabled', ...entry }, { version: 1 }],
    });
  });

  test.each([
    ['long', 'x'.repeat(LIMITS.actorLength + 1)],
    ['of two lines', 'ana%0Abo'],
  ])('a name that is %s is refused, and changes nothing', async (_what, name) => {
    const answer = await ask('DELETE', `${PATH}/rules/hot`, undefined, { 'vigil-user': name });
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'REQUEST_INVALID' }]);
    expect((await ask('GET', `${PATH}/rules/hot`)).status).toBe(200);
  });

  test('without the header, the body of an action on an alert says who', async () => {
    await ask('POST', `${PATH}/alerts/${FIRING}/acknowledge`, { by: 'bo' }, { 'vigil-user': '' });
    expect(vigil.audit).toMatchObject([{ by: 'bo' }]);
  });

  test('an entry is bounded, whatever a refused request has', async () => {
    const long = 'x'.repeat(100_000);
    await ask('POST', `${PATH}/alerts/${GONE}/snooze`, { by: long, note: long }, { 'vigil-user': '' });
    await ask('DELETE', `${PATH}/rules/${long}`);
    await ask('DELETE', `/api/clients/${long}/rules/x`);
    expect(vigil.audit.map(({ clientId }) => clientId)).toEqual(['client-01', 'client-01', null]);
    for (const entry of vigil.audit) expect(JSON.stringify(entry).length).toBeLessThan(2_000);
  });
});

describe('GET /api/audit', () => {
  beforeEach(async () => {
    await ask('PUT', '/api/clients/client-02/rules/cold', { ...BODY, clientId: 'client-02' });
    await ask('PUT', `${PATH}/rules/other`, BODY);
    await ask('POST', `${PATH}/rules/hot/disable`);
    await ask('DELETE', `${PATH}/rules/hot`);
  });
  const listed = async (
    path: string,
  ): Promise<{ entries: { action: string; ruleId: string }[]; next: string | null }> =>
    (await (await ask('GET', path)).json()) as Awaited<ReturnType<typeof listed>>;
  const shown = async (path: string): Promise<string[]> =>
    (await listed(path)).entries.map(({ action, ruleId }) => `${action} ${ruleId}`);

  test.each<[path: string, entries: string[]]>([
    ['/api/audit', ['deleteRule hot', 'disableRule hot', 'putRule other', 'putRule cold']],
    [`${PATH}/audit`, ['deleteRule hot', 'disableRule hot', 'putRule other']],
    [`${PATH}/audit?rule=hot`, ['deleteRule hot', 'disableRule hot']],
    [`${PATH}/audit?action=putRule`, ['putRule other']],
    [`${PATH}/audit?since=2020-01-01T00:00:00Z&limit=1`, ['deleteRule hot']],
    [`${PATH}/audit?since=2999-01-01T00:00:00Z`, []],
  ])('%s', async (path, entries) => {
    expect(await shown(path)).toEqual(entries);
  });

  test('has pages', async () => {
    const first = await listed(`${PATH}/audit?limit=2`);
    expect(await shown(`${PATH}/audit?limit=2&cursor=${first.next}`)).toEqual(['putRule other']);
  });

  test.each(['rule=No', 'action=none', 'since=yesterday', 'limit=501', 'cursor=x'])('refuses ?%s', async (query) => {
    expect((await ask('GET', `${PATH}/audit?${query}`)).status).toBe(400);
  });
});
