import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { propertiesOf } from '../../core/explain/event-properties.ts';
import { json, problems } from '../openapi/responses.ts';
import type { ApiDeps } from '../ports.ts';
import { readEvent } from '../requests/check-event.ts';
import { eventProperties } from '../schemas/events.ts';
import { clientParams } from '../schemas/shared/params.ts';

const listProperties = createRoute({
  method: 'get',
  path: '/clients/{clientId}/event-properties',
  operationId: 'listEventProperties',
  tags: ['Events'],
  summary: 'List the properties of events',
  description: 'The properties that the newest events of the client have, with some of their texts: for writing rules.',
  request: { params: clientParams },
  responses: { 200: json('the properties', eventProperties), ...problems('REQUEST_INVALID', 'NATS_UNREACHABLE') },
});

/** `/clients/:clientId/event-properties` */
export function eventPropertyRoutes({ archive }: Pick<ApiDeps, 'archive'>): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(listProperties, async (c) => {
    const stored = await archive.newest(c.req.valid('param').clientId);
    const events = stored.flatMap((each) => readEvent(each) ?? []);
    return c.json({ read: events.length, properties: propertiesOf(events) }, 200);
  });
  return app;
}
