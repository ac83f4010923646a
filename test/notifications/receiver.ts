import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlertEnvelope } from '../../src/core/model/alert/alert.ts';

export interface Told {
  alert: AlertEnvelope;
  headers: IncomingHttpHeaders;
  status: number;
}

/** A webhook receiver: `answer` returns the status, or `undefined` if it responds itself. */
export interface Receiver {
  url: string;
  /** All requests, including rejected ones. */
  requests: Told[];
  /** Ids of the accepted alerts, in order. */
  taken(): string[];
  stop(): Promise<void>;
}

export type Answer = (alert: AlertEnvelope, response: ServerResponse) => number | undefined;

export async function startReceiver(answer: Answer = () => 204): Promise<Receiver> {
  const requests: Told[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const alert = JSON.parse(Buffer.concat(chunks).toString()) as AlertEnvelope;
      const status = answer(alert, response);
      requests.push({ alert, headers: request.headers, status: status ?? 0 });
      if (status !== undefined) response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`,
    requests,
    taken: () => requests.filter(({ status }) => status >= 200 && status < 300).map(({ alert }) => alert.id),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
