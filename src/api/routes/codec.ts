import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ID_PATTERN } from '../../core/model/ids.ts';
import { clientOf, mustCover } from '../access/authorize.ts';
import { RequestError } from '../errors.ts';
import { jsonBody } from '../openapi/bodies.ts';
import { json, problemsOfChange } from '../openapi/responses.ts';
import type { CodecPort, Payload } from '../ports/codec.ts';
import { readObject } from '../requests/body.ts';
import { payloads, type PayloadJson } from '../schemas/codec.ts';

/* The protocol of Temporal's codec servers: its UI and its command line send payloads here, and show the answer. */

const tags = ['Temporal'];
const body = jsonBody('Payloads', { required: true });
const CLIENT_HEADER = 'vigil-client';

const decodePayloads = createRoute({
  method: 'post',
  path: '/codec/decode',
  operationId: 'decodePayloads',
  tags,
  summary: 'Decrypt payloads of Temporal',
  description: 'Those that are not encrypted come back as they are.',
  request: { body },
  responses: {
    200: json('the payloads, in the same order', payloads),
    ...problemsOfChange('REQUEST_INVALID', 'PAYLOAD_UNREADABLE', 'ENCRYPTION_KEY_UNKNOWN'),
  },
});

const encodePayloads = createRoute({
  method: 'post',
  path: '/codec/encode',
  operationId: 'encodePayloads',
  tags,
  summary: 'Encrypt payloads for Temporal',
  description: 'With the key of the client of the token. Without keys, they come back as they are.',
  request: {
    headers: z.object({
      [CLIENT_HEADER]: z
        .string()
        .regex(ID_PATTERN, `"${CLIENT_HEADER}" must be a client id.`)
        .optional()
        .openapi({ description: 'the client, with a token for all clients' }),
    }),
    body,
  },
  responses: { 200: json('the payloads, in the same order', payloads), ...problemsOfChange('REQUEST_INVALID') },
});

/** Routes under `/codec`. */
export function codecRoutes(codec: CodecPort): OpenAPIHono {
  const app = new OpenAPIHono();

  app.openapi(decodePayloads, async (c) => {
    const given = await read(c);
    for (const payload of given) {
      const owner = codec.ownerOf(payload);
      if (owner !== undefined) mustCover(c, owner);
    }
    return c.json({ payloads: given.map((payload) => written(codec.open(payload))) }, 200);
  });

  app.openapi(encodePayloads, async (c) => {
    const clientId = clientOf(c, c.req.valid('header')[CLIENT_HEADER]);
    if (clientId === undefined) {
      const advice = 'Say whose payloads they are: with the header Vigil-Client, or with a token of that client.';
      throw new RequestError('REQUEST_INVALID', advice);
    }
    return c.json({ payloads: (await read(c)).map((payload) => written(codec.seal(payload, clientId))) }, 200);
  });

  return app;
}

async function read(c: Context): Promise<Payload[]> {
  const given = await readObject(c, payloads, 'Send {"payloads": [{"metadata": {…}, "data": "…"}]}.');
  return given.payloads.map(({ metadata, data }) => ({
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, bytesOf(value)])),
    data: bytesOf(data ?? ''),
  }));
}

const written = ({ metadata, data }: Payload): PayloadJson => ({
  metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, base64Of(value)])),
  data: base64Of(data ?? new Uint8Array()),
});

const bytesOf = (base64: string): Uint8Array => Buffer.from(base64, 'base64');
const base64Of = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
