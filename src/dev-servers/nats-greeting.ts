import { connect } from 'node:net';

const DEFAULT_PORT = 4222;
const GREETING = 'INFO ';

/**
 * Resolves when a server (`host` or `host:port`) begins to speak NATS. To be asked before the client is, whose connections to a server
 * that hangs stay open for ever, and keep the process alive.
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
      let heard = '';
      socket.on('data', (bytes) => {
        heard += bytes.toString('latin1');
        if (heard.startsWith(GREETING)) resolve();
        else if (heard.length >= GREETING.length) reject(new Error('what answers there is no NATS server'));
      });
      socket.on('timeout', () => reject(new Error(`nothing was heard of it for ${withinMs} ms`)));
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('it closed the connection')));
    });
  } finally {
    socket.destroy();
  }
}
