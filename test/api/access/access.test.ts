import { beforeEach, describe, expect, test } from 'vitest';
import type { Hono } from 'hono';
import { createAuthenticator } from '../../../src/api/access/authenticate.ts';
import { createApi } from '../../../src/api/api.ts';
import { fakeVigil, machineRule, type FakeVigil } from '../fakes/fake-ports.ts';

interface Problem {
  code: string;
}
interface Created {
  id: string;
  token: string;
  expiresAt: string | null;
}

let vigil: FakeVigil;
let api: Hono;
beforeEach(() => {
  vigil = fakeVigil({ rules: [machineRule('client-01', 'hot')] });
  api = createApi(vigil.deps, { logger: { error: () => undefined } });
});

const ask = (method: string, path: string, token?: string, body?: object): Promise<Response> =>
  Promise.resolve(
    api.request(path, {
      method,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    }),
  );
const codeOf = async (answer: Promise<Response>): Promise<string> => ((await (await answer).json()) as Problem).code;

async function create(body: object, token?: string): Promise<Created> {
  const answer = await ask('POST', '/api/tokens', token, body);
  expect(answer.status).toBe(201);
  return (await answer.json()) as Created;
}
const ADMIN = { name: 'ana', role: 'admin' };

describe('without any token', () => {
  test('everybody is admin', async () => {
    expect((await ask('GET', '/api/audit')).status).toBe(200);
    const session = await (await ask('GET', '/api/session')).json();
    expect(session).toEqual({ needsToken: false, access: { name: 'local', role: 'admin', clientId: null } });
  });

  test.each([
    { name: 'ci', role: 'editor' },
    { ...ADMIN, clientId: 'client-01' },
  ])('the first token must be an admin of all clients, not %o', async (body) => {
    expect(await codeOf(ask('POST', '/api/tokens', undefined, body))).toBe('TOKEN_NEEDED');
    expect((await ask('GET', '/api/audit')).status).toBe(200);
  });
});

/** The secret itself may contain `_`. */
const SECRET_CHARS = 43;

describe('a token', () => {
  test('is shown once, stored as a hash, and needed from then on', async () => {
    const { token, id } = await create(ADMIN);
    expect(token).toMatch(/^vigil_[0-9a-f]{12}_[\w-]{43}$/);
    expect(JSON.stringify(vigil.deps.tokens.all())).not.toContain(token.slice(-SECRET_CHARS));
    const list = await (await ask('GET', '/api/tokens', token)).text();
    expect(list).toContain(id);
    expect(list).not.toMatch(/hash|token":/);
    const answer = await ask('GET', '/api/clients');
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="vigil"']);
  });

  test('of another secret, or with other spelling, lets nobody in', async () => {
    const { token } = await create(ADMIN);
    const { token: other } = await create({ name: 'bo', role: 'viewer' }, token);
    const mixed = `${token.slice(0, 19)}${other.slice(19)}`;
    for (const wrong of [mixed, token.toUpperCase(), `${token}x`, token.slice(0, -1), ''])
      expect((await ask('GET', '/api/clients', wrong)).status, wrong).toBe(401);
  });

  test.each<[expiresIn: string | undefined, days: number | null]>([
    [undefined, 90],
    ['1d', 1],
    ['never', null],
  ])('that expires in %s', async (expiresIn, days) => {
    const before = Date.now();
    const { expiresAt } = await create({ ...ADMIN, ...(expiresIn && { expiresIn }) });
    if (days === null) expect(expiresAt).toBeNull();
    else expect(Math.round((Date.parse(expiresAt ?? '') - before) / 86_400_000)).toBe(days);
  });

  test('that has expired lets nobody in', async () => {
    const { token } = await create({ ...ADMIN, expiresIn: '1h' });
    const later = createAuthenticator({ tokens: vigil.deps.tokens, now: () => Date.now() + 3_600_001 });
    expect(await later.accessOf(token)).toBeNull();
  });

  test.each([
    [{ role: 'admin' }],
    [{ name: 'x', role: 'owner' }],
    [{ ...ADMIN, expiresIn: 'soon' }],
    [{ ...ADMIN, expiresIn: '0s' }],
    [{ ...ADMIN, clientId: 'NOT an id' }],
    [{ ...ADMIN, name: 'two\nlines' }],
    [{ ...ADMIN, other: 1 }],
  ])('is refused: %o', async (body) => {
    expect(await codeOf(ask('POST', '/api/tokens', undefined, body))).toBe('REQUEST_INVALID');
  });

  test('of a client manages only tokens of this client', async () => {
    const { token: root } = await create(ADMIN);
    const { token } = await create({ name: 'c1', role: 'admin', clientId: 'client-01' }, root);
    const made = await create({ name: 'line', role: 'sender' }, token);
    expect(vigil.deps.tokens.get(made.id)?.clientId).toBe('client-01');
    expect(await codeOf(ask('POST', '/api/tokens', token, { ...ADMIN, clientId: 'client-02' }))).toBe('FORBIDDEN');
    const names = ((await (await ask('GET', '/api/tokens', token)).json()) as { tokens: { name: string }[] }).tokens;
    expect(names.map(({ name }) => name).sort()).toEqual(['c1', 'line']);
  });

  test('revoked lets nobody in; the last one that manages vigil cannot be revoked', async () => {
    const first = await create(ADMIN);
    expect(await codeOf(ask('DELETE', `/api/tokens/${first.id}`, first.token))).toBe('TOKEN_NEEDED');
    const second = await create({ ...ADMIN, name: 'bo' }, first.token);
    expect((await ask('DELETE', `/api/tokens/${first.id}`, first.token)).status).toBe(200);
    expect((await ask('GET', '/api/tokens', first.token)).status).toBe(401);
    expect((await ask('GET', '/api/tokens', second.token)).status).toBe(200);
    expect(await codeOf(ask('DELETE', '/api/tokens/none', second.token))).toBe('TOKEN_NOT_FOUND');
  });

  test('is in the audit: who, and by which token; a refusal, too', async () => {
    const { token, id } = await create(ADMIN);
    const viewer = await create({ name: 'vi', role: 'viewer', clientId: 'client-01' }, token);
    await ask('DELETE', '/api/clients/client-01/rules/hot', viewer.token);
    await ask('DELETE', '/api/clients/client-01/rules/hot', 'wrong');
    const from = { channel: 'api', address: null };
    expect(vigil.audit).toMatchObject([
      { action: 'createToken', by: null, token: id, result: 'ok', from },
      { action: 'createToken', by: 'ana', token: viewer.id, clientId: 'client-01', from: { ...from, token: 'ana' } },
      { action: 'deleteRule', by: 'vi', result: 'refused', code: 'FORBIDDEN', from: { ...from, token: 'vi' } },
    ]);
    expect(vigil.audit).toHaveLength(3);
  });
});

describe('VIGIL_ADMIN_TOKEN', () => {
  test('is an admin of all clients, beside the stored tokens', async () => {
    const secret = 'a-token-from-the-environment';
    const { tokens } = vigil.deps;
    api = createApi({ ...vigil.deps, authenticator: createAuthenticator({ tokens, adminToken: secret }) });
    expect((await ask('GET', '/api/clients')).status).toBe(401);
    const made = await create({ name: 'ci', role: 'viewer' }, secret);
    expect((await ask('GET', '/api/clients', made.token)).status).toBe(200);
    expect((await ask('DELETE', `/api/tokens/${made.id}`, secret)).status).toBe(200);
  });
});

describe('a session', () => {
  test('is a cookie that scripts cannot read, and ends with its token', async () => {
    const { token } = await create(ADMIN);
    const made = await create({ ...ADMIN, name: 'bo' }, token);
    const answer = await ask('POST', '/api/session', undefined, { token: made.token });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^vigil_session=vigil_.*; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    const withCookie = () => api.request('/api/clients', { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect((await withCookie()).status).toBe(200);
    await ask('DELETE', `/api/tokens/${made.id}`, token);
    expect((await withCookie()).status).toBe(401);
  });

  test('is only sent with TLS where there is TLS', async () => {
    const { token } = await create(ADMIN);
    const body = JSON.stringify({ token });
    const answer = await api.request('/api/session', {
      method: 'POST',
      headers: { 'x-forwarded-proto': 'https' },
      body,
    });
    expect(answer.headers.get('set-cookie')).toContain('; Secure');
  });

  test('is not opened with a wrong token, and is closed', async () => {
    await create(ADMIN);
    const wrong = await ask('POST', '/api/session', undefined, { token: 'wrong' });
    expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([401, null]);
    const out = await ask('DELETE', '/api/session');
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^vigil_session=; Max-Age=0/);
  });
});
