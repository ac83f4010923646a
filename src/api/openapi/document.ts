import type { OpenAPIHono } from '@hono/zod-openapi';
import { packageVersion } from '../package-files.ts';
import { ruleComponents } from '../schemas/rules.ts';
import { BODIES } from './bodies.ts';

const TAGS = [
  { name: 'Rules', description: 'The rules of a client, their versions, and why they fire.' },
  { name: 'Events', description: 'What the rules read.' },
  { name: 'Alerts', description: 'What the rules publish.' },
  { name: 'Dead letters', description: 'Events that vigil cannot process.' },
  { name: 'Audit', description: 'Who has changed what.' },
  { name: 'Clients', description: 'The tenants.' },
  { name: 'Simulator', description: 'The machines of the demo.' },
  { name: 'vigil', description: 'vigil itself.' },
];

/** The OpenAPI 3.1 document of all routes of the app. */
export function openApiDocument(app: OpenAPIHono): object {
  const { openAPIRegistry: registry } = app;
  for (const [name, schema] of Object.entries(BODIES)) registry.register(name, schema);
  const { components, ...document } = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'vigil',
      version: packageVersion(),
      description:
        'Continuous alert rules for many tenants over streaming events. Errors are problem details (RFC 9457). Lists take `limit` and `cursor`, and answer `next`. The ETag of a rule is its version.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
    tags: TAGS,
  });
  const schemas = { ...components?.schemas, ...ruleComponents() };
  return { ...document, paths: withUser(document.paths ?? {}), components: { ...components, schemas } };
}

const USER = {
  ...{ name: 'Vigil-User', in: 'header', required: false, schema: { type: 'string' } },
  description: 'who sends the request, for the audit; percent-encode what is not ASCII',
};

/** Every operation that changes something takes who does it. */
function withUser(paths: object): object {
  const operations = Object.entries(paths).map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods as Record<string, { parameters?: object[] }>).map(([method, operation]) => [
        method,
        method === 'get' ? operation : { ...operation, parameters: [...(operation.parameters ?? []), USER] },
      ]),
    ),
  ]);
  return Object.fromEntries(operations) as object;
}
