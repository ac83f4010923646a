import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { IdOf } from '../../core/model/event/event-id.ts';
import { json, problemsOfChange } from '../openapi/responses.ts';
import type { ApiDeps } from '../ports.ts';
import { EventGate } from '../requests/event-gate.ts';
import { refuseInvalidEvent } from '../requests/invalid.ts';
import { EventPublisher, type Destination } from '../requests/publish-events.ts';
import { readEvents } from '../requests/read-events.ts';
import { eventBodies, publishedEvent, publishedEvents } from '../schemas/events.ts';
import { clientParams, eventParams, idempotencyKey } from '../schemas/shared/params.ts';
import { testAlert } from '../schemas/service.ts';

const body = { required: true, content: eventBodies };
const responses = {
  202: json('the stream has the event, or all events of a list', z.union([publishedEvent, publishedEvents])),
  207: json('some events of a list are refused; the stream has the others', publishedEvents),
  ...problemsOfChange(
    'REQUEST_INVALID',
    'EVENT_INVALID',
    'MEDIA_TYPE_NOT_SUPPORTED',
    'QUOTA_EVENTS',
    'NATS_UNREACHABLE',
  ),
};

const publishEvent = createRoute({
  method: 'post',
  path: '/clients/{clientId}/events/{type}',
  operationId: 'publishEvent',
  tags: ['Events'],
  summary: 'Publish events of a type',
  description:
    'Publishes the body on `events.<clientId>.<type>`, and answers once the stream has stored it. An array, lines or a batch are a list of events: each has an answer of its own.',
  request: { params: eventParams, headers: idempotencyKey, body },
  responses,
});

const publishEvents = createRoute({
  method: 'post',
  path: '/clients/{clientId}/events',
  operationId: 'publishEvents',
  tags: ['Events'],
  summary: 'Publish events that say their type',
  description: 'The same for events that say their type: a CloudEvent in `type`, others in a property of that name.',
  request: { params: clientParams, headers: idempotencyKey, body },
  responses,
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
export function eventRoutes(
  { events, quotas, metrics }: Pick<ApiDeps, 'events' | 'quotas' | 'metrics'>,
  idOf: IdOf,
): OpenAPIHono {
  const app = new OpenAPIHono();
  const publisher = new EventPublisher(events, idOf, new EventGate(quotas, metrics));

  async function publish(c: Context, to: Destination) {
    const sent = await readEvents(c);
    const [first] = sent.events;
    if (!sent.isList && first !== undefined) return c.json(await publisher.one(first(), to, sent.cloudEvent), 202);
    const answer = await publisher.all(sent, to);
    return answer.refused === 0 ? c.json(answer, 202) : c.json(answer, 207);
  }

  app.openapi(
    publishEvent,
    (c) => publish(c, { ...c.req.valid('param'), requestId: c.req.valid('header')['idempotency-key'] }),
    refuseInvalidEvent,
  );
  app.openapi(publishEvents, (c) =>
    publish(c, {
      clientId: c.req.valid('param').clientId,
      type: undefined,
      requestId: c.req.valid('header')['idempotency-key'],
    }),
  );
  app.openapi(publishTestAlert, async (c) => c.json(await events.publishTestAlert(c.req.valid('param').clientId), 202));
  return app;
}
