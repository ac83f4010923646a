import type { AddressInfo } from 'node:net';
import { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { VigilError } from '../core/primitives/errors.ts';

export interface RunningApi {
  port: number;
  /** Ends every connection, also those that are open for live updates. */
  stop(): Promise<void>;
}

/** There is no login yet, so by default nobody but this machine gets in. */
const LOCAL_ONLY = '127.0.0.1';

/**
 * Port 0 takes a free one.
 * @throws VigilError PORT_TAKEN, or CONFIG_INVALID when the port or host cannot be opened at all
 */
export async function serveApi(app: Hono, port: number, host: string = LOCAL_ONLY): Promise<RunningApi> {
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host });
  if (!(server instanceof Server)) throw new TypeError('An HTTP/1.1 server was expected.');
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
        `Port ${port} is taken: stop what uses it, or set PORT to another one.`,
        fields,
        { cause: error },
      );
    case 'EACCES':
      return new VigilError(
        'CONFIG_INVALID',
        `PORT ${port} may not be opened by this user: set PORT above 1023.`,
        fields,
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new VigilError(
        'CONFIG_INVALID',
        `HOST ${host} is no address of this machine: set HOST to one that is.`,
        fields,
        { cause: error },
      );
    default:
      return error;
  }
}
