import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectNats } from '../../../src/nats/connection/connection.ts';
import { VigilError } from '../../../src/core/primitives/errors.ts';
import { awaitNats } from '../../../src/dev-servers/nats.ts';
import { freePorts } from '../../support/servers/free-ports.ts';
import { startGuardedNats, type GuardedNats } from '../../support/nats/guarded-nats.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const PASSWORD = 'p@ss:w/rd%';
const TOKEN = 's3cr3t-token';
const withUser = (port: number, password = PASSWORD): string =>
  `nats://me:${encodeURIComponent(password)}@127.0.0.1:${port}`;
const withToken = (port: number, token = TOKEN): string => `nats://${token}@127.0.0.1:${port}`;

let userNats: GuardedNats;
let tokenNats: GuardedNats;
beforeAll(async () => {
  [userNats, tokenNats] = await Promise.all([
    startGuardedNats({ args: ['--user', 'me', '--pass', PASSWORD], urlOf: withUser }),
    startGuardedNats({ args: ['--auth', TOKEN], urlOf: withToken }),
  ]);
});
afterAll(() => Promise.all([userNats.stop(), tokenNats.stop()]));

/** Connects and calls JetStream; resolves with the error, if any. */
async function errorOf(url: string): Promise<VigilError | undefined> {
  try {
    const nats = await connectNats(url, 'login-test');
    await (await nats.jetstreamManager()).getAccountInfo();
    await nats.close();
    return undefined;
  } catch (error) {
    if (error instanceof VigilError) return error;
    throw error;
  }
}

describe('credentials in NATS_URL', () => {
  it('are used: user and password', async () => {
    expect(await errorOf(withUser(userNats.port))).toBeUndefined();
  });

  it('are used: a token', async () => {
    expect(await errorOf(withToken(tokenNats.port))).toBeUndefined();
  });

  it('apply to all servers of the URL, one of which is enough', async () => {
    const [dead] = await freePorts(1);
    expect(await errorOf(`nats://127.0.0.1:${dead},${withUser(userNats.port)}`)).toBeUndefined();
    expect(await errorOf(`${withUser(userNats.port)},nats://127.0.0.1:${dead}`)).toBeUndefined();
  });

  it.each([
    ['a wrong password', () => withUser(userNats.port, 'wr@ng')],
    ['a wrong token', () => withToken(tokenNats.port, 'wrong')],
    ['no credentials', () => `nats://127.0.0.1:${userNats.port}`],
    ['credentials of another kind', () => withUser(tokenNats.port)],
  ])('with %s are rejected, without a secret in the error', async (_, url) => {
    const error = await errorOf(url());
    expect(error?.code).toBe('NATS_UNREACHABLE');
    expect(error?.message).toContain('rejects the credentials');
    const shown = `${error?.message} ${JSON.stringify(error?.fields)}`;
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), TOKEN, 'wr@ng', 'wr%40ng', 'wrong@'])
      expect(shown).not.toContain(secret);
  });

  it('are used and not printed while vigil waits for the server', async () => {
    const lines: string[] = [];
    const patience = {
      withinMs: 100,
      signal: new AbortController().signal,
      progress: (line: string) => void lines.push(line),
    };
    await awaitNats(withUser(userNats.port), patience);
    const error: unknown = await awaitNats(withUser(userNats.port, 'wr@ng'), patience).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'NATS_UNREACHABLE', fields: { url: `nats://***@127.0.0.1:${userNats.port}` } });
    expect(`${lines.join()} ${String(error)} ${JSON.stringify(error)}`).not.toMatch(/wr(@|%40)ng/);
  });

  it('work for all of vigil and are not exposed', async () => {
    const vigil = await startVigil({ servers: { ...servers, natsUrl: withUser(userNats.port) } });
    try {
      const sent = await fetch(`${vigil.app.url}/api/clients/client-01/events/status`, { method: 'POST', body: '{}' });
      expect(sent.status).toBe(202);
      const shown = `nats://***@127.0.0.1:${userNats.port}`;
      expect(vigil.app.natsUrl).toBe(shown);
      expect(await (await fetch(`${vigil.app.url}/api/links`)).json()).toMatchObject({ nats: shown });
      expect(vigil.complaints.join()).not.toContain(encodeURIComponent(PASSWORD));
    } finally {
      await vigil.stop();
    }
  });
});

it('tls:// rejects a server without TLS', async () => {
  const error = await errorOf(withUser(userNats.port).replace('nats:', 'tls:'));
  expect(error?.code).toBe('NATS_UNREACHABLE');
  expect(error?.message).toContain('TLS');
});
