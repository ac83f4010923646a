import { z } from '@hono/zod-openapi';
import { next } from './shared/pages.ts';

const time = z.iso.datetime();

/** A field is null if the header is missing, because another program wrote the dead letter. */
const summary = {
  sequence: z.int().openapi({ description: 'its sequence in the dead-letter stream' }),
  clientId: z.string().openapi({ description: '`_unknown` if the subject of the event names no client' }),
  reason: z.string().nullable().openapi({ description: 'why the event is invalid' }),
  detail: z.string().nullable(),
  subject: z.string().nullable().openapi({ description: 'subject of the event' }),
  eventSequence: z.int().nullable().openapi({ description: 'sequence of the event in the event stream' }),
  eventStoredAt: time.nullable().openapi({ description: 'when the event stream stored the event' }),
  buriedAt: time.openapi({ description: 'when the dead letter was stored' }),
  bytes: z.int().openapi({ description: 'size of the event' }),
};

const deadLetterSummary = z
  .object({ ...summary, preview: z.string().openapi({ description: 'the first characters of the event' }) })
  .openapi('DeadLetterSummary');

export type DeadLetterSummary = z.infer<typeof deadLetterSummary>;

export const deadLetterList = z.object({ deadLetters: z.array(deadLetterSummary), next }).openapi('DeadLetterList');

export const deadLetter = z
  .object({
    ...deadLetterSummary.shape,
    isWhole: z.boolean().openapi({ description: 'false: only the first bytes are left' }),
    encoding: z.enum(['utf-8', 'base64']).openapi({ description: 'of payload; base64 if it is not UTF-8' }),
    payload: z.string().openapi({ description: 'the bytes of the event' }),
  })
  .openapi('DeadLetter');

/** What to publish instead of the original event. The payload stays as it is, so that no digit is lost. */
export const replay = z
  .strictObject({
    subject: z.string().optional().openapi({ example: 'events.client-03.temperature' }),
    payload: z
      .custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
      .optional()
      .openapi({ type: 'object', additionalProperties: true, description: 'a JSON object' }),
  })
  .openapi('Replay');
