import type { AddressInfo } from 'node:net';
import { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { VigilError } from '../core/primitives/errors.ts';

export interface RunningApi {
  port: number;
  /** Closes every connection, including those for live updates. */
  stop(): Promise<void>;
}

/** There is no login yet, so the API is local by default. */
const LOCAL_ONLY = '127.0.0.1';

/**
 * Starts an HTTP server for the app. Port 0 picks a free port.
 * @throws VigilError PORT_TAKEN, or CONFIG_INVALID if this user cannot listen on the port or host
 */
export async function serveApi(app: Hono, port: number, host: string = LOCAL_ONLY): Promise<RunningApi> {
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host });
  if (!(server instanceof Server)) throw new TypeError('Expected an HTTP/1.1 server.');
  await listen(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, port, host)));
    server.listen(port, host, resolve);
  });
}

function explained(error: NodeJS.ErrnoException, port: number, host: string): Error {
  const fields = { port, host, reason: error.code };
  switch (error.code) {
    case 'EADDRINUSE':
      return new VigilError(
        'PORT_TAKEN',
        `Port ${port} is in use. Stop the process that uses it, or set PORT to another port.`,
        fields,
        { cause: error },
      );
    case 'EACCES':
      return new VigilError('CONFIG_INVALID', `This user cannot listen on PORT ${port}. Set PORT above 1023.`, fields, {
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new VigilError('CONFIG_INVALID', `HOST ${host} is not an address of this machine.`, fields, {
        cause: error,
      });
    default:
      return error;
  }
}
