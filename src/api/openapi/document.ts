import type { OpenAPIHono } from '@hono/zod-openapi';
import { NEEDS, PUBLIC } from '../access/operations.ts';
import { SESSION_COOKIE } from '../access/session.ts';
import { packageVersion } from '../package-files.ts';
import { ruleComponents } from '../schemas/rules/rules.ts';
import { BODIES } from './bodies.ts';

const TAGS = [
  { name: 'Rules', description: 'The rules of a client, their versions, and why they fire.' },
  { name: 'Events', description: 'What the rules read.' },
  { name: 'Alerts', description: 'What the rules publish.' },
  { name: 'Dead letters', description: 'Events that vigil cannot process.' },
  { name: 'Audit', description: 'Who has changed what.' },
  { name: 'Access', description: 'Tokens, and what they let one do.' },
  { name: 'Clients', description: 'The tenants.' },
  { name: 'Temporal', description: 'What Temporal stores, for its UI and its command line.' },
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
  const paths = eachOperation(document.paths ?? {}, (operation, method) => withAccess(withUser(operation, method)));
  return { ...document, paths, components: { ...components, schemas, securitySchemes: SECURITY } };
}

interface Operation {
  operationId?: string;
  parameters?: object[];
}

const eachOperation = (paths: object, change: (operation: Operation, method: string) => object): object =>
  mapValues(paths, (methods) => mapValues(methods as Record<string, Operation>, change));

const mapValues = <Value>(
  object: Record<string, Value> | object,
  change: (value: Value, key: string) => object,
): object => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value as Value, key)]));

const SECURITY = {
  token: { type: 'http', scheme: 'bearer', description: 'a token of vigil, or of your identity provider' },
  session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'the session of a browser' },
};

/** What an operation needs: a token with a role, unless it is public. */
function withAccess(operation: object): object {
  const { operationId = '' } = operation as Operation;
  const need = NEEDS.get(operationId);
  if (need === undefined) return PUBLIC.has(operationId) ? { ...operation, security: [] } : operation;
  return {
    ...operation,
    security: [{ token: [] }, { session: [] }],
    'x-vigil-role': need.role,
    'x-vigil-scope': need.of,
  };
}

const USER = {
  ...{ name: 'Vigil-User', in: 'header', required: false, schema: { type: 'string' } },
  description: 'who sends the request, for the audit; percent-encode what is not ASCII',
};

/** Every operation that changes something takes who does it. */
const withUser = (operation: Operation, method: string): Operation =>
  method === 'get' ? operation : { ...operation, parameters: [...(operation.parameters ?? []), USER] };
