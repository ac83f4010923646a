import { beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../src/api/api.ts';
import { fakeVigil, machineRule, type FakeVigil } from '../fakes/fake-ports.ts';

const PATH = '/api/clients/client-01';
let vigil: FakeVigil;
let app: ReturnType<typeof createApi>;
beforeEach(() => {
  vigil = fakeVigil({ rules: ['hot', 'cold'].map((id) => machineRule('client-01', id)) });
  app = createApi(vigil.deps);
});

async function post(path: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await app.request(`${PATH}${path}`, {
    method: 'POST',
    headers: { 'vigil-user': 'ana', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  return {
    status: answer.status,
    etag: answer.headers.get('etag'),
    body: (await answer.json()) as Record<string, unknown>,
  };
}

const rulesWith = async (status: string): Promise<string[]> => {
  const answer = await app.request(`${PATH}/rules?status=${status}`);
  return ((await answer.json()) as { rules: { rule: { id: string } }[] }).rules.map(({ rule }) => rule.id);
};

describe('a rule', () => {
  it('is paused once, and says since when and by whom', async () => {
    const first = await post('/rules/hot/pause', { note: 'maintenance' });
    const paused = { by: 'ana', note: 'maintenance', of: 'rule' };
    expect(first).toMatchObject({ status: 200, etag: '"2"', body: { changed: true, version: 2, paused } });
    const second = await post('/rules/hot/pause', { note: 'again' });
    expect(second).toMatchObject({ status: 200, etag: '"2"', body: { changed: false, paused } });
    expect(await (await app.request(`${PATH}/rules/hot`)).json()).toMatchObject({ paused });
    expect([await rulesWith('paused'), await rulesWith('inactive')]).toEqual([['hot'], ['cold']]);
    expect(vigil.audit).toMatchObject([
      { action: 'pauseRule', ruleId: 'hot', version: 2, note: 'maintenance', by: 'ana', result: 'ok' },
      { action: 'pauseRule', ruleId: 'hot', version: 2, result: 'ok' },
    ]);
  });

  it('stays paused when it is changed, until it is resumed in one of the modes', async () => {
    await post('/rules/hot/pause');
    const { id: _id, ...rule } = { ...machineRule('client-01', 'hot'), message: 'Hot!' };
    const put = await app.request(`${PATH}/rules/hot`, { method: 'PUT', body: JSON.stringify(rule) });
    expect(await put.json()).toMatchObject({ change: 'changed', paused: { of: 'rule' } });
    expect(await post('/rules/hot/resume', { mode: 'afresh' })).toMatchObject({
      ...{ status: 200, etag: '"4"', body: { changed: true, paused: null, rule: { message: 'Hot!' } } },
    });
    expect(await post('/rules/hot/resume')).toMatchObject({ status: 200, etag: '"4"', body: { changed: false } });
    expect(vigil.audit.at(-2)).toMatchObject({ action: 'resumeRule', mode: 'afresh', version: 4 });
    const versions = await (await app.request(`${PATH}/rules/hot/versions`)).json();
    expect((versions as { versions: { change: string }[] }).versions.map(({ change }) => change)).toEqual([
      ...['resumed', 'changed', 'paused', 'created'],
    ]);
  });

  it.each([
    ['an unknown rule', '/rules/none/pause', undefined, {}, 404, 'RULE_NOT_FOUND'],
    ['another version', '/rules/hot/pause', undefined, { 'if-match': '"7"' }, 412, 'RULE_CHANGED'],
    [
      'another version, also if nothing changes',
      '/rules/hot/resume',
      undefined,
      { 'if-match': '"7"' },
      412,
      'RULE_CHANGED',
    ],
    ['an unknown mode', '/rules/hot/resume', { mode: 'loudly' }, {}, 400, 'REQUEST_INVALID'],
    ['a long note', '/rules/hot/pause', { note: 'x'.repeat(2_000) }, {}, 400, 'REQUEST_INVALID'],
  ])('is not turned with %s', async (_what, path, body, headers, status, code) => {
    expect(await post(path, body, headers)).toMatchObject({ status, body: { code } });
    expect(await rulesWith('paused')).toEqual([]);
  });
});

describe('a client', () => {
  it('is paused and resumed with all its rules but those that were paused by themselves', async () => {
    await post('/rules/cold/pause');
    const paused = { by: 'ana', note: 'moving', of: 'client' };
    expect(await post('/pause', { note: 'moving' })).toMatchObject({
      ...{ status: 200, body: { changed: true, rules: 1, problems: [], paused } },
    });
    expect(await post('/pause')).toMatchObject({ status: 200, body: { changed: false, rules: 0, paused } });
    expect(await (await app.request(PATH)).json()).toEqual({
      clientId: 'client-01',
      paused: expect.objectContaining(paused) as object,
    });
    expect(await rulesWith('paused')).toEqual(['hot', 'cold']);
    expect(await post('/rules/hot/resume')).toMatchObject({ status: 409, body: { code: 'CLIENT_PAUSED' } });
    expect(await post('/resume', { mode: 'silently' })).toMatchObject({
      ...{ status: 200, body: { changed: true, rules: 1, paused: null } },
    });
    expect(await rulesWith('paused')).toEqual(['cold']);
    expect(await post('/resume')).toMatchObject({ status: 200, body: { changed: false, rules: 0 } });
    expect(vigil.audit.filter(({ action }) => action.endsWith('Client'))).toMatchObject([
      ...[{ note: 'moving' }, {}, { mode: 'silently' }, {}],
    ]);
  });

  it('finishes what an earlier request has left, and names what it cannot change', async () => {
    await post('/pause');
    await vigil.deps.clients.change('client-01', () => ({}));
    expect(await post('/resume')).toMatchObject({ body: { changed: true, rules: 2, paused: null } });
    const { turn } = vigil.deps.rules;
    const { VigilError } = await import('../../../src/core/primitives/errors.ts');
    vigil.deps.rules.turn = (address, ...others) =>
      address.ruleId === 'hot' ? Promise.reject(new VigilError('RULE_CHANGED', 'Again.')) : turn(address, ...others);
    expect(await post('/pause')).toMatchObject({
      body: { changed: true, rules: 1, problems: [{ ruleId: 'hot', problem: { code: 'RULE_CHANGED' } }] },
    });
  });
});
