import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  path: string;
  body: unknown;
}

export type Reply = (asked: Asked) => { status: number; body?: unknown };

/** An error of the API. */
export const problem = (status: number, code: string, title: string, detail = '', fields: object = {}) => ({
  status,
  body: { type: `urn:vigil:error:${code}`, title, status, detail, code, fields },
});

export interface FakeVigil {
  url: string;
  asked: Asked[];
  /** Of each of them. */
  headers: IncomingHttpHeaders[];
  stop(): Promise<void>;
}

/** An HTTP server with the replies of a test. Sends a string body unchanged, others as JSON. */
export async function startFakeVigil(reply: Reply): Promise<FakeVigil> {
  const asked: Asked[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const question = {
        method: request.method ?? '',
        path: request.url ?? '',
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
      };
      asked.push(question);
      headers.push(request.headers);
      const { status, body } = reply(question);
      response.writeHead(status).end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    headers,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
