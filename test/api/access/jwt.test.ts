import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, createLocalJWKSet } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { jwtVerifier } from '../../../src/api/access/jwt.ts';
import type { VerifyJwt } from '../../../src/api/access/authenticate.ts';

const ISSUER = 'https://id.example.com/';
const AUDIENCE = 'vigil';
const USER = { email: 'ana@example.com', roles: { vigil: ['reader', 'viewer', 'operator'] }, tenant: 'client-01' };

type Key = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
let key: Key;
let otherKey: Key;
let verify: VerifyJwt;
beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  key = pair.privateKey;
  otherKey = (await generateKeyPair('RS256')).privateKey;
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256' }] });
  const settings = { jwksUrl: 'https://id.example.com/keys', issuer: ISSUER, audience: AUDIENCE };
  verify = jwtVerifier({ ...settings, roleClaim: 'roles.vigil', clientClaim: 'tenant' }, keys);
});

const token = (claims: Record<string, unknown> = {}, { signedBy = key, expires = '1h' } = {}): Promise<string> =>
  new SignJWT({ iss: ISSUER, aud: AUDIENCE, ...USER, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'one' })
    .setExpirationTime(expires)
    .sign(signedBy);

describe('a JWT of the identity provider', () => {
  test.each<[claims: Record<string, unknown>, access: object]>([
    [{}, { name: 'ana@example.com', role: 'operator', clientId: 'client-01' }],
    [{ tenant: '*' }, { name: 'ana@example.com', role: 'operator', clientId: null }],
    [{ roles: { vigil: 'admin' } }, { name: 'ana@example.com', role: 'admin', clientId: 'client-01' }],
    [
      { email: undefined, sub: 'u-17' },
      { name: 'u-17', role: 'operator', clientId: 'client-01' },
    ],
  ])('with %o', async (claims, access) => {
    expect(await verify(await token(claims))).toEqual(access);
  });

  test.each<[what: string, claims: Record<string, unknown>]>([
    ['another issuer', { iss: 'https://evil.example.com/' }],
    ['another audience', { aud: 'shop' }],
    ['no role of vigil', { roles: { vigil: ['reader'] } }],
    ['no roles', { roles: null }],
    ['no client', { tenant: undefined }],
    ['a client that is no id', { tenant: 'client-*' }],
    ['a list of clients', { tenant: ['client-01'] }],
  ])('with %s lets nobody in', async (_what, claims) => {
    expect(await verify(await token(claims))).toBeNull();
  });

  test('that has expired, has no expiry, another signature or none lets nobody in', async () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: ISSUER, aud: AUDIENCE, ...USER };
    const wrong = [
      await token({}, { expires: '-1m' }),
      await token({}, { signedBy: otherKey }),
      await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key),
      await new SignJWT({ ...claims, exp: now + 60 }).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32)),
      new UnsecuredJWT({ ...claims, exp: now + 60 }).encode(),
      'eyJhbGciOiJub25lIn0.e30.',
    ];
    expect(await Promise.all(wrong.map((each) => verify(each)))).toEqual(wrong.map(() => null));
  });
});
