import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePorts } from '../support/servers/free-ports.ts';
import { hearGreeting } from '../../src/dev-servers/nats-greeting.ts';
import { fileServers } from '../support/servers/servers.ts';

const WITHIN_MS = 100;
const { natsUrl } = await fileServers();

describe('the greeting of a NATS server', () => {
  let server: Server | undefined;
  const open = new Set<Socket>();
  afterEach(() => void server?.close());

  /** Starts a TCP server. Returns `host:port`. */
  function listening(onConnection: (socket: Socket) => void): Promise<string> {
    return new Promise((resolve) => {
      server = createServer((socket) => {
        open.add(socket.on('close', () => open.delete(socket)).on('error', () => undefined));
        onConnection(socket);
      }).listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(server?.address() as AddressInfo).port}`));
    });
  }

  it('is received, also in several chunks', async () => {
    await hearGreeting(natsUrl.replace('nats://', ''), WITHIN_MS);
    await hearGreeting(
      await listening((socket) => void socket.write('IN', () => socket.write('FO {}\r\n'))),
      WITHIN_MS,
    );
  });

  it.each<[string, (socket: Socket) => void, RegExp]>([
    ['a server that hangs', () => undefined, /no greeting within 100 ms/],
    ['another kind of server', (socket) => void socket.write('HTTP/1.1 200\r\n'), /not a NATS server/],
    ['a server that closes the connection', (socket) => void socket.end(), /closed the connection/],
  ])('is missing from %s, and no connection stays open', async (_what, onConnection, reason) => {
    await expect(hearGreeting(await listening(onConnection), WITHIN_MS)).rejects.toThrow(reason);
    await expect.poll(() => open.size).toBe(0);
  });

  it('is missing if nothing listens', async () => {
    const [port = 0] = await freePorts(1);
    await expect(hearGreeting(`127.0.0.1:${port}`, WITHIN_MS)).rejects.toThrow(/ECONNREFUSED/);
  });
});
