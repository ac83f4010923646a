import { z } from '@hono/zod-openapi';
import { PROPERTY_LIMITS } from '../../core/explain/event-properties.ts';
import { BATCH, STRUCTURED } from '../../core/model/event/cloud-event.ts';
import { NDJSON } from '../previews/ndjson.ts';
import { MOST_EVENTS } from '../requests/read-events.ts';
import { itemProblem } from './shared/problem.ts';

/* What senders publish, and the answers. */

const sequence = z.int().openapi({ description: 'sequence of the event in the event stream' });

export const storedEvent = z.object({ sequence }).openapi('StoredEvent');

export const publishedEvent = z
  .object({
    sequence,
    duplicate: z.boolean().openapi({ description: 'true: the stream had the event already, with this sequence' }),
  })
  .openapi('PublishedEvent');

export const eventAnswer = z.union([
  z.object({ status: z.enum(['accepted', 'duplicate']), sequence }),
  z.object({
    status: z.literal('refused'),
    problem: itemProblem.extend({
      fields: z.record(z.string(), z.unknown()).openapi({ description: '`reason`: that of the dead letters' }),
    }),
  }),
]);

export const publishedEvents = z
  .object({
    accepted: z.int(),
    duplicates: z.int().openapi({ description: 'the stream had them already' }),
    refused: z.int(),
    events: z.array(eventAnswer),
  })
  .openapi('PublishedEvents', { description: 'in the order of the request; a problem concerns its event only' });

/** The body is not validated by its schema: the path is hot, and the dead letters have the same reasons. */
export const eventBody = {
  type: 'object' as const,
  description: 'a JSON object, or a CloudEvent 1.0 in structured JSON; with `ce-` headers, the data of a CloudEvent',
  additionalProperties: true,
  example: { machineId: 'm1', celsius: 85 },
};
const cloudEvent = {
  type: 'object' as const,
  additionalProperties: true,
  required: ['specversion', 'id', 'source', 'type', 'data'],
};
const listOf = (items: object) => ({ type: 'array' as const, maxItems: MOST_EVENTS, items });

export const eventBodies = {
  'application/json': { schema: { oneOf: [eventBody, listOf(eventBody)] } },
  [NDJSON]: {
    schema: { type: 'string' as const, description: `one event a line, at most ${MOST_EVENTS}` },
    example: '{"machineId":"m1","celsius":85}\n{"machineId":"m2","celsius":60}\n',
  },
  [STRUCTURED]: { schema: cloudEvent },
  [BATCH]: { schema: listOf(cloudEvent) },
};

export const eventProperties = z
  .object({
    read: z.int().openapi({ description: 'events that were read: the newest of the client' }),
    properties: z
      .array(
        z.object({
          path: z.string().openapi({ description: 'as in a rule', example: 'motor.celsius' }),
          events: z.int().openapi({ description: 'events that have it' }),
          values: z.array(z.string()).openapi({ description: `some of its texts, at most ${PROPERTY_LIMITS.values}` }),
        }),
      )
      .openapi({
        description: `first those that most events have; at most ${PROPERTY_LIMITS.properties}, none in lists`,
      }),
  })
  .openapi('EventProperties');
