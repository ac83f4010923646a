import type { AddressInfo } from 'node:net';
import { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { VigilError } from '../core/primitives/errors.ts';

export interface RunningApi {
  port: number;
  /** Goes on listening on another address, with the same port. @throws VigilError PORT_TAKEN, CONFIG_INVALID */
  listenOn(host: string): Promise<void>;
  /** Closes every connection, including those for live updates. */
  stop(): Promise<void>;
}

/** Until there is a login, only this machine has access. */
export const LOCAL_ONLY = '127.0.0.1';

/**
 * Starts an HTTP server for the app. Port 0 picks a free port.
 * @throws VigilError PORT_TAKEN, or CONFIG_INVALID if this user cannot listen on the port or host
 */
export async function serveApi(app: Hono, port: number, host: string = LOCAL_ONLY): Promise<RunningApi> {
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host });
  if (!(server instanceof Server)) throw new TypeError('Expected an HTTP/1.1 server.');
  await listen(server, port, host);
  const { port: actual } = server.address() as AddressInfo;
  return {
    port: actual,
    listenOn(other) {
      // It keeps its open connections.
      server.close();
      return listen(server, actual, other);
    },
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(explained(error, port, host));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
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
