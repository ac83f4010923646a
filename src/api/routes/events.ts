import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { jsonBytes } from '../../core/primitives/text/bytes.ts';
import { json, problemsOfChange } from '../openapi/responses.ts';
import type { ApiDeps } from '../ports.ts';
import { limitJson, readEvent } from '../requests/body.ts';
import { checkEvent } from '../requests/check-event.ts';
import { EventGate } from '../requests/event-gate.ts';
import { refuseInvalidEvent } from '../requests/invalid.ts';
import { clientParams, eventParams } from '../schemas/params.ts';
import { eventBody, storedEvent, testAlert } from '../schemas/service.ts';

const publishEvent = createRoute({
  method: 'post',
  path: '/clients/{clientId}/events/{type}',
  operationId: 'publishEvent',
  tags: ['Events'],
  summary: 'Publish an event',
  description: 'Publishes the body on `events.<clientId>.<type>`, and answers once the stream has stored it.',
  request: {
    params: eventParams,
    body: { required: true, content: { 'application/json': { schema: eventBody } } },
  },
  responses: {
    202: json('the event is stored', storedEvent),
    ...problemsOfChange('REQUEST_INVALID', 'EVENT_INVALID', 'QUOTA_EVENTS', 'NATS_UNREACHABLE'),
  },
});

const publishTestAlert = createRoute({
  method: 'post',
  path: '/clients/{clientId}/test-alert',
  operationId: 'publishTestAlert',
  tags: ['Alerts'],
  summary: 'Publish a test alert',
  description: 'Publishes an alert with the label `test: "true"`, to try the receivers.',
  request: { params: clientParams },
  responses: {
    202: json('the alert is published', testAlert),
    ...problemsOfChange('REQUEST_INVALID', 'NATS_UNREACHABLE'),
  },
});

/** What a client publishes: events, and test alerts. */
export function eventRoutes({ events, quotas, metrics }: Pick<ApiDeps, 'events' | 'quotas' | 'metrics'>): OpenAPIHono {
  const app = new OpenAPIHono();
  const gate = new EventGate(quotas, metrics);
  app.openapi(
    publishEvent,
    async (c) => {
      const { clientId, type } = c.req.valid('param');
      const event = await readEvent(c);
      checkEvent(`events.${clientId}.${type}`, event);
      limitJson(jsonBytes(event));
      gate.pass(clientId, Date.now());
      return c.json(await events.publish(clientId, type, event), 202);
    },
    refuseInvalidEvent,
  );
  app.openapi(publishTestAlert, async (c) => c.json(await events.publishTestAlert(c.req.valid('param').clientId), 202));
  return app;
}
