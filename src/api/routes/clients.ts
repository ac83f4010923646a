import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { covers } from '../access/authorize.ts';
import { json, problems } from '../openapi/responses.ts';
import type { ApiDeps } from '../ports.ts';
import { pageOf } from '../requests/pages.ts';
import { pageQuery } from '../schemas/shared/pages.ts';
import { clientList, links } from '../schemas/service.ts';

const listClients = createRoute({
  method: 'get',
  path: '/clients',
  operationId: 'listClients',
  tags: ['Clients'],
  summary: 'List clients',
  description: 'The clients that have rules or simulated machines, by id.',
  request: { query: z.object(pageQuery()) },
  responses: { 200: json('the ids of the clients', clientList), ...problems('REQUEST_INVALID', 'NATS_UNREACHABLE') },
});

const getLinks = createRoute({
  method: 'get',
  path: '/links',
  operationId: 'getLinks',
  tags: ['vigil'],
  summary: 'Addresses of the servers',
  description: 'The addresses of the Temporal UI, if there is one, and of NATS.',
  responses: { 200: json('the addresses', links), ...problems() },
});

/** `/clients` and `/links`. */
export function clientRoutes({ rules, machines, links: addresses }: ApiDeps): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(getLinks, (c) => c.json(addresses, 200));
  app.openapi(listClients, async (c) => {
    const simulated = machines?.list().map((machine) => machine.clientId) ?? [];
    const all = new Set([...(await rules.clients()), ...simulated]);
    const ids = [...all].filter((id) => covers(c, id)).sort();
    const { items, next } = pageOf(ids, BY_ID, c.req.valid('query'));
    return c.json({ clients: items, next }, 200);
  });
  return app;
}

const BY_ID = { list: 'clients', placeOf: (id: string) => id, isAfter: (id: string, last: string) => id > last };
