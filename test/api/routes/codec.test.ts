import { beforeEach, describe, expect, it, test } from 'vitest';
import type { Hono } from 'hono';
import { createApi } from '../../../src/api/api.ts';
import { hashOf, newTokenText } from '../../../src/api/access/token-text.ts';
import type { Role } from '../../../src/core/model/access/access.ts';
import { fakeVigil, type FakeVigil } from '../fakes/fake-ports.ts';

interface PayloadJson {
  metadata?: Record<string, string>;
  data?: string;
}

const UI = 'http://localhost:8233';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const PLAIN = { metadata: { encoding: base64('json/plain') }, data: base64('{"celsius":85}') };

let vigil: FakeVigil;
let api: Hono;
beforeEach(() => {
  vigil = fakeVigil();
  api = createApi(vigil.deps, { logger: { error: () => undefined } });
});

const ask = async (what: 'encode' | 'decode', body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  api.request(`/api/codec/${what}`, { method: 'POST', body: JSON.stringify(body), headers });
const payloadsIn = async (answer: Response): Promise<PayloadJson[]> =>
  ((await answer.json()) as { payloads: PayloadJson[] }).payloads;
const sealedFor = async (client: string): Promise<PayloadJson> => {
  const [sealed = {}] = await payloadsIn(await ask('encode', { payloads: [PLAIN] }, { 'vigil-client': client }));
  return sealed;
};
async function tokenOf(role: Role, clientId: string | null): Promise<{ authorization: string }> {
  const { id, secret, text } = newTokenText();
  const times = { createdAt: '2026-01-01T00:00:00.000Z', createdBy: null, expiresAt: null, revokedAt: null };
  await vigil.deps.tokens.put({ id, name: role, role, clientId, hash: hashOf(secret), ...times });
  return { authorization: `Bearer ${text}` };
}

describe('the codec', () => {
  it('encrypts, and decrypts in the same order; what is not encrypted stays', async () => {
    const sealed = await sealedFor('client-01');
    expect(JSON.stringify(sealed)).not.toContain(PLAIN.data);
    expect(sealed.metadata?.['encoding']).toBe(base64('binary/encrypted'));
    const other = { metadata: {}, data: base64('x') };
    const answer = await ask('decode', { payloads: [other, sealed, PLAIN] });
    expect(await payloadsIn(answer)).toEqual([other, PLAIN, PLAIN]);
  });

  test.each<[what: string, body: unknown]>([
    ['no payloads', {}],
    ['a list', []],
    ['data that is no text', { payloads: [{ data: 7 }] }],
  ])('refuses %s', async (_, body) => {
    expect((await ask('decode', body)).status).toBe(400);
  });

  it('says what it cannot decrypt', async () => {
    const sealed = await sealedFor('client-01');
    const metadata = { ...sealed.metadata, 'encryption-key-id': base64('lost') };
    const answer = await ask('decode', { payloads: [{ ...sealed, metadata }] });
    expect(await answer.json()).toMatchObject({ code: 'ENCRYPTION_KEY_UNKNOWN', fields: { keyId: 'lost' } });
    const changed = await ask('decode', { payloads: [{ ...sealed, data: base64('x'.repeat(60)) }] });
    expect(await changed.json()).toMatchObject({ code: 'PAYLOAD_UNREADABLE' });
  });

  it('takes payloads as large as Temporal stores them', async () => {
    const large = { metadata: {}, data: base64('x'.repeat(4_000_000)) };
    expect((await ask('decode', { payloads: [large] })).status).toBe(200);
    expect((await ask('decode', { payloads: [large, large] })).status).toBe(413);
  });
});

describe('a token', () => {
  it('of a client decrypts and encrypts only what is of that client', async () => {
    const [own, other] = [await sealedFor('client-01'), await sealedFor('client-02')];
    const token = await tokenOf('viewer', 'client-01');
    const operator = await tokenOf('operator', 'client-01');
    expect(await payloadsIn(await ask('decode', { payloads: [own] }, token))).toEqual([PLAIN]);
    const refused = await ask('decode', { payloads: [own, other] }, token);
    expect([refused.status, await refused.text()]).toEqual([403, expect.not.stringContaining(PLAIN.data)]);

    const [sealed = {}] = await payloadsIn(await ask('encode', { payloads: [PLAIN] }, operator));
    expect(await payloadsIn(await ask('decode', { payloads: [sealed] }, token))).toEqual([PLAIN]);
    const headers = { ...operator, 'vigil-client': 'client-02' };
    expect((await ask('encode', { payloads: [PLAIN] }, headers)).status).toBe(403);
  });

  it('of all clients decrypts everything, and says for whom it encrypts', async () => {
    const token = await tokenOf('admin', null);
    const ofNone = vigil.deps.codec.seal({ data: Buffer.from('x') }, null as unknown as string);
    expect(vigil.deps.codec.ownerOf(ofNone)).toBeNull();
    expect((await ask('encode', { payloads: [PLAIN] }, token)).status).toBe(400);
    expect((await ask('encode', { payloads: [PLAIN] }, { ...token, 'vigil-client': 'No' })).status).toBe(400);
    expect((await ask('encode', { payloads: [PLAIN] }, { ...token, 'vigil-client': 'client-02' })).status).toBe(200);
  });

  it('is needed', async () => {
    await tokenOf('admin', null);
    expect((await ask('decode', { payloads: [PLAIN] })).status).toBe(401);
  });
});

describe("Temporal's UI", () => {
  const fromUi = { origin: UI, 'sec-fetch-site': 'same-site' };
  const allowed = (answer: Response): (string | null)[] =>
    ['origin', 'credentials'].map((name) => answer.headers.get(`access-control-allow-${name}`));

  it('may ask, with the login of its user', async () => {
    const preflight = await api.request('/api/codec/decode', {
      method: 'OPTIONS',
      headers: { ...fromUi, 'access-control-request-headers': 'authorization,content-type,x-namespace' },
    });
    expect(preflight.ok).toBe(true);
    expect(allowed(preflight)).toEqual([UI, 'true']);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-namespace');
    const answer = await ask('decode', { payloads: [PLAIN] }, fromUi);
    expect([answer.status, ...allowed(answer)]).toEqual([200, UI, 'true']);
  });

  it('sees why it is refused', async () => {
    await tokenOf('admin', null);
    const answer = await ask('decode', { payloads: [PLAIN] }, fromUi);
    expect([answer.status, ...allowed(answer)]).toEqual([401, UI, 'true']);
  });

  it('may do nothing else, and no other page may ask', async () => {
    const change = { method: 'POST', headers: fromUi };
    const answer = await api.request('/api/clients/client-01/test-alert', change);
    expect([answer.status, allowed(answer)[0]]).toEqual([403, null]);
    for (const origin of ['http://evil.example', 'null', `${UI}0`]) {
      const refused = await ask('decode', { payloads: [PLAIN] }, { origin, 'sec-fetch-site': 'cross-site' });
      expect([refused.status, allowed(refused)[0]]).toEqual([403, null]);
    }
  });
});
