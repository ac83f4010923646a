import { OpenAPIHono, z } from '@hono/zod-openapi';
import { DEAD_LETTER_HEADERS } from '../../core/model/event/dead-letter-headers.ts';
import { alertEnvelope } from '../schemas/alerts/alerts.ts';
import { liveMessage } from '../schemas/live.ts';
import { eventBody } from '../schemas/events.ts';

/** Headers are text. */
const digits = z.string().regex(/^\d+$/);

/** With an id, a stream drops the same message if it arrives again soon. */
const messageId = z.object({ 'Nats-Msg-Id': z.string().optional().openapi({ description: 'id of the message' }) });

const deadLetterHeaders = messageId.extend({
  [DEAD_LETTER_HEADERS.reason]: z.string().openapi({ description: 'why the event is invalid' }),
  [DEAD_LETTER_HEADERS.detail]: z.string(),
  [DEAD_LETTER_HEADERS.subject]: z.string().openapi({ description: 'subject of the event' }),
  [DEAD_LETTER_HEADERS.sequence]: digits.openapi({ description: 'sequence of the event in the event stream' }),
  [DEAD_LETTER_HEADERS.time]: z.iso.datetime().openapi({ description: 'when the event stream stored the event' }),
  [DEAD_LETTER_HEADERS.cutFrom]: digits
    .optional()
    .openapi({ description: 'size of the event in bytes, if only its first bytes are left' }),
});

const SCHEMAS = {
  Alert: alertEnvelope,
  LiveMessage: liveMessage,
  MessageId: messageId,
  DeadLetterHeaders: deadLetterHeaders,
} as const;

/** The same schemas as those of the OpenAPI document, with all that they refer to. */
export function messageSchemas(): Record<string, object> {
  const app = new OpenAPIHono();
  for (const [name, schema] of Object.entries(SCHEMAS)) app.openAPIRegistry.register(name, schema);
  const { components } = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } });
  return { Event: eventBody, ...(components?.schemas as Record<string, object> | undefined) };
}
