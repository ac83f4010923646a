import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { asyncApiDocument } from '../asyncapi/document.ts';
import { problems } from '../openapi/responses.ts';
import { docsPage, docsPolicy } from '../docs-page.ts';

const getDocument = createRoute({
  method: 'get',
  path: '/openapi.json',
  operationId: 'getOpenApiDocument',
  tags: ['vigil'],
  summary: 'This document',
  description: 'OpenAPI 3.1, made from the schemas that validate the requests.',
  responses: {
    200: { description: 'the document', content: { 'application/json': { schema: z.looseObject({}) } } },
    ...problems(),
  },
});

const getAsyncApi = createRoute({
  method: 'get',
  path: '/asyncapi.json',
  operationId: 'getAsyncApiDocument',
  tags: ['vigil'],
  summary: 'The document of the subjects',
  description: 'AsyncAPI 3.0: the subjects of NATS, the topics of MQTT, and their messages.',
  responses: {
    200: { description: 'the document', content: { 'application/json': { schema: z.looseObject({}) } } },
    ...problems(),
  },
});

const getDocs = createRoute({
  method: 'get',
  path: '/docs',
  operationId: 'getDocs',
  tags: ['vigil'],
  summary: 'Browse the API',
  description: 'A page that shows this document, and sends requests.',
  responses: {
    200: { description: 'the page', content: { 'text/html': { schema: z.string() } } },
    ...problems(),
  },
});

/** `/openapi.json`, `/asyncapi.json` and `/docs`. The OpenAPI document is made when it is first asked for, as all routes are known then. */
export function docsRoutes(makeDocument: () => object): OpenAPIHono {
  const app = new OpenAPIHono();
  let document: object | undefined;
  app.openapi(getDocument, (c) => c.json((document ??= makeDocument()), 200));
  app.openapi(getAsyncApi, (c) => c.json(asyncApiDocument(), 200));
  app.use('/docs', docsPolicy);
  app.openapi(getDocs, (c) => c.html(docsPage));
  return app;
}
