import { createServer as createHttp2Server } from 'node:http2';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/app/settings/config.ts';
import { temporalSecurity } from '../../../src/app/security/temporal-security.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { awaitTemporal } from '../../../src/dev-servers/temporal.ts';
import { startWorker } from '../../../src/temporal/worker/worker.ts';

/** Type of the first TLS record. */
const TLS_HANDSHAKE = 0x16;
const ADDRESS = 'temporal.example.com:7233';

let server: Server | undefined;
afterEach(() => new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve))));

async function listen(opened: Server): Promise<string> {
  server = opened;
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(opened.address() as AddressInfo).port}`;
}

/** A server that reads the first bytes of a connection and closes it. */
async function eavesdrop(): Promise<{ address: string; firstByte: Promise<number> }> {
  let hear: (byte: number) => void;
  const firstByte = new Promise<number>((resolve) => (hear = resolve));
  const address = await listen(
    createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', (bytes) => {
        hear(bytes[0] ?? 0);
        socket.destroy();
      });
    }),
  );
  return { address, firstByte };
}

describe('the settings', () => {
  it.each([
    ['nothing', {}, { tls: false }],
    ['an address', { TEMPORAL_ADDRESS: ADDRESS }, { tls: false }],
    ['TLS', { TEMPORAL_ADDRESS: ADDRESS, TEMPORAL_TLS: 'true' }, { tls: true }],
    ['no TLS', { TEMPORAL_ADDRESS: ADDRESS, TEMPORAL_TLS: 'false' }, { tls: false }],
    ['a key, which implies TLS', { TEMPORAL_ADDRESS: ADDRESS, TEMPORAL_API_KEY: 'k' }, { tls: true, apiKey: 'k' }],
    [
      'a key with TLS off, which still uses TLS',
      { TEMPORAL_ADDRESS: ADDRESS, TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' },
      { tls: true, apiKey: 'k' },
    ],
    ["none of it for vigil's own server", { TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'true' }, { tls: false }],
  ])('say %s', (_, env, security) => {
    expect(temporalSecurity(loadConfig(env))).toEqual(security);
  });
});

describe('TLS is used from the first byte on by', () => {
  const patience = { withinMs: 0, signal: new AbortController().signal, progress: () => undefined };

  it('the start-up check', async () => {
    const { address, firstByte } = await eavesdrop();
    const waiting = expect(awaitTemporal(address, 'default', patience, { tls: true })).rejects.toMatchObject({
      code: 'TEMPORAL_UNREACHABLE',
    });
    expect(await firstByte).toBe(TLS_HANDSHAKE);
    await waiting;
  });

  it('the client', async () => {
    const { address, firstByte } = await eavesdrop();
    // It retries for 10 seconds, which does not matter here.
    connectTemporal(address, 'default', { tls: true }).catch(() => undefined);
    expect(await firstByte).toBe(TLS_HANDSHAKE);
  });

  it('the worker', async () => {
    const { address, firstByte } = await eavesdrop();
    const starting = expect(
      startWorker({ address, security: { tls: true }, namespace: 'default', taskQueue: 'q', activities: {} as never }),
    ).rejects.toMatchObject({ code: 'TEMPORAL_UNREACHABLE' });
    expect(await firstByte).toBe(TLS_HANDSHAKE);
    await starting;
  });
});

it('each call has the API key', async () => {
  const keys: unknown[] = [];
  const http2 = createHttp2Server().on('stream', (stream, headers) => {
    keys.push(headers.authorization);
    // Any answer will do: UNIMPLEMENTED.
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' }, { endStream: true });
  });
  const address = await listen(http2);
  const client = await connectTemporal(address, 'default', { tls: false, apiKey: 'k3y' });
  await expect(client.workflowService.describeNamespace({ namespace: 'default' })).rejects.toMatchObject({ code: 12 });
  await client.connection.close();
  expect(new Set(keys)).toEqual(new Set(['Bearer k3y']));
});
