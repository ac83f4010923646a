import { connect } from 'node:net';

const DEFAULT_PORT = 4222;
const GREETING = 'INFO ';

/**
 * Resolves when a server (`host` or `host:port`) sends the NATS greeting. Call it before the NATS client connects: the
 * client's connections to a server that hangs stay open forever and keep the process alive.
 */
export async function hearGreeting(server: string, withinMs: number): Promise<void> {
  const { hostname, port } = new URL(`nats://${server}`);
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? DEFAULT_PORT : Number(port),
    timeout: withinMs,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      let received = '';
      socket.on('data', (bytes) => {
        received += bytes.toString('latin1');
        if (received.startsWith(GREETING)) resolve();
        else if (received.length >= GREETING.length) reject(new Error('the server is not a NATS server'));
      });
      socket.on('timeout', () => reject(new Error(`no greeting within ${withinMs} ms`)));
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server closed the connection')));
    });
  } finally {
    socket.destroy();
  }
}
