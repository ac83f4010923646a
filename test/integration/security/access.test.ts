import { createServer, type Server } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/cli.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const WITHIN = { timeout: 20_000, interval: 50 };

const ISSUER = 'https://id.example.com/';
const { privateKey, publicKey } = await generateKeyPair('ES256');
let keys: Server;
let first: TestVigil;
let second: TestVigil;
beforeAll(async () => {
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: '1' }] });
  keys = createServer((_request, answer) => answer.setHeader('content-type', 'application/json').end(jwks));
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  first = await startVigil({ servers, env: { HOST: '0.0.0.0' } });
  second = await startVigil({ servers, env: { HOST: '0.0.0.0' } });
});
afterAll(async () => {
  await Promise.all([first.stop(), second.stop()]);
  keys.close();
  expect([...first.failures, ...second.failures]).toEqual([]);
});

/** The address of a vigil for other machines. */
function fromOutside({ app: { url } }: TestVigil): string {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const { address } = addresses.find(({ internal, family }) => !internal && family === 'IPv4') ?? { address: '' };
  return `http://${address}:${new URL(url).port}`;
}
const fromHere = ({ app: { url } }: TestVigil): string => `http://127.0.0.1:${new URL(url).port}`;

const statusOf = async (url: string, path: string, token?: string): Promise<number | 'unreachable'> =>
  fetch(`${url}${path}`, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } }).then(
    ({ status }) => status,
    () => 'unreachable' as const,
  );

async function cli(url: string, token: string | undefined, ...argv: string[]): Promise<string> {
  const out: string[] = [];
  const errors: string[] = [];
  const env = { VIGIL_URL: url, HOME: tmpdir(), ...(token !== undefined && { VIGIL_TOKEN: token }) };
  const stdout = { write: (text: string) => out.push(text) > 0 };
  const stderr = { write: (text: string) => errors.push(text) > 0 };
  const code = await runCli(argv, { env, stdout, stderr, fetch } as unknown as Parameters<typeof runCli>[1]);
  if (code !== 0) throw new Error(errors.join(''));
  return out.join('').trim();
}

describe('from the first token on', () => {
  let admin: string;

  it('vigil is not open to other machines while there is no token', async () => {
    expect(await statusOf(fromHere(first), '/api/clients')).toBe(200);
    expect(await statusOf(fromOutside(first), '/api/clients')).toBe('unreachable');
    expect(first.complaints.join()).toContain('there is no token');
    await expect(
      cli(fromHere(first), undefined, 'tokens', 'create', '--name', 'x', '--role', 'viewer'),
    ).rejects.toThrow('TOKEN_NEEDED');
  });

  it('the first token opens every process on HOST, and closes it to whoever has none', async () => {
    admin = await cli(fromHere(first), undefined, 'tokens', 'create', '--name', 'ana', '--role', 'admin');
    for (const vigil of [first, second]) {
      await expect.poll(() => statusOf(fromOutside(vigil), '/api/clients'), WITHIN).toBe(401);
      expect(await statusOf(fromHere(vigil), '/api/clients')).toBe(401);
      expect(await statusOf(fromOutside(vigil), '/api/clients', admin)).toBe(200);
    }
    expect(await statusOf(fromOutside(first), '/metrics')).toBe(401);
    expect(await statusOf(fromOutside(first), '/metrics', admin)).toBe(200);
    expect(await statusOf(fromOutside(first), '/healthz')).toBe(200);
  });

  it('a token of a client works in every process until it is revoked', async () => {
    const url = fromOutside(first);
    const argv = ['tokens', 'create', '--name', 'bo', '--role', 'viewer', '--client', 'client-01'];
    const token = await cli(url, admin, ...argv);
    const other = fromOutside(second);
    await expect.poll(() => statusOf(other, '/api/clients/client-01/rules', token), WITHIN).toBe(200);
    expect(await statusOf(other, '/api/clients/client-02/rules', token)).toBe(403);
    expect(await cli(url, admin, 'tokens', 'list')).toMatch(/bo +viewer +client-01/);
    await cli(url, admin, 'tokens', 'revoke', token.split('_')[1] ?? '');
    expect(await statusOf(url, '/api/clients/client-01/rules', token)).toBe(401);
    await expect.poll(() => statusOf(other, '/api/clients/client-01/rules', token), WITHIN).toBe(401);
    await expect(cli(url, token, 'rules', 'list')).rejects.toThrow('needs a valid token');
    expect(await cli(url, admin, 'audit', '--client', 'client-01')).toMatch(/ana.*client-01 +revokeToken/);
  });

  it('a vigil that starts later needs a token from the start, and takes JWTs and VIGIL_ADMIN_TOKEN', async () => {
    const own = 'from-the-environment-of-vigil';
    const { port } = keys.address() as AddressInfo;
    const env = {
      ...{ HOST: '0.0.0.0', VIGIL_ADMIN_TOKEN: own },
      ...{ VIGIL_JWKS_URL: `http://127.0.0.1:${port}/keys`, VIGIL_JWT_ISSUER: ISSUER },
    };
    const third = await startVigil({ servers, env });
    try {
      const url = fromOutside(third);
      const jwt = await new SignJWT({ vigil_role: 'viewer', vigil_client: 'client-01', email: 'eve@example.com' })
        .setProtectedHeader({ alg: 'ES256', kid: '1' })
        .setIssuer(ISSUER)
        .setAudience('vigil')
        .setExpirationTime('5m')
        .sign(privateKey);
      expect(await statusOf(url, '/api/clients')).toBe(401);
      expect(await statusOf(url, '/api/clients', own)).toBe(200);
      expect(await statusOf(url, '/api/clients', admin)).toBe(200);
      expect(await statusOf(url, '/api/clients/client-01/rules', jwt)).toBe(200);
      expect(await statusOf(url, '/api/clients/client-02/rules', jwt)).toBe(403);
      expect(await statusOf(url, '/api/clients/client-01/rules', `${jwt}x`)).toBe(401);
    } finally {
      await third.stop();
    }
  });
});
