import { z } from '@hono/zod-openapi';
import { ID_PATTERN } from '../../../core/model/ids.ts';

/* Parts of paths and queries. */

export const clientId = z
  .string()
  .regex(ID_PATTERN, 'A client id has 1 to 64 characters of a-z, 0-9 and "-", and starts with a letter or digit.')
  .openapi({ description: 'id of the client (tenant)', example: 'client-03' });

/** Not checked here: a rule with another id does not exist, and PUT names it among the issues of the rule. */
const ruleId = z.string().openapi({ description: 'id of the rule', example: 'too-hot', pattern: ID_PATTERN.source });

export const clientParams = z.object({ clientId });
export const ruleParams = z.object({ clientId, ruleId });
export type RuleParams = z.infer<typeof ruleParams>;

/** 128 bits in base64url. */
const ALERT_ID = /^[\w-]{22}$/;

export const alertParams = z.object({
  clientId,
  alertId: z
    .string()
    .regex(ALERT_ID, 'An alert id has 22 letters, digits, "-" and "_": the "id" in the list of alerts.')
    .openapi({ description: 'id of the alert', example: 'q1Xz0Tn0nQ6cJm3m0b8nVg' }),
});

/** A positive integer in a path or query. */
export const wholeNumber = (name: string, most = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= most,
      `"${name}" must be a whole number from 1 to ${most}.`,
    )
    .transform(Number)
    .openapi({ type: 'integer', minimum: 1, maximum: most });

/** A parameter of a query that may be repeated. */
export const repeatable = <Each extends z.ZodType<string>>(each: Each, values?: readonly string[]) =>
  z
    .union([each, z.array(each)])
    .transform((values) => [values].flat() as z.output<Each>[])
    .default([])
    .openapi({ type: 'array', items: { type: 'string', ...(values && { enum: [...values] }) } });

export const labelFilter = (items: string) =>
  repeatable(z.string().regex(/^[^=]+=/, '"label" must be key=value.')).openapi({
    description: `only ${items} with these labels: \`key=value\``,
  });

export const textFilter = (description: string) =>
  z.string().max(200, '"text" has at most 200 characters.').optional().openapi({ description });

export const trueOrFalse = (name: string, description: string) =>
  z.enum(['true', 'false'], `"${name}" must be true or false.`).optional().openapi({ description });

/** An event type is the rest of a NATS subject: tokens without wildcards, separated by dots. */
export const EVENT_TYPE = /^(?=.{1,128}$)[\w-]+(?:\.[\w-]+)*$/;

export const eventParams = z.object({
  clientId,
  type: z
    .string()
    .regex(EVENT_TYPE, 'An event type has up to 128 letters, digits, "-" and "_", in parts separated by dots.')
    .openapi({ description: 'type of the event', example: 'temperature' }),
});

export const idempotencyKey = z.object({
  'idempotency-key': z
    .string()
    .regex(/^.{1,255}$/s, 'Idempotency-Key has 1 to 255 characters.')
    .optional()
    .openapi({
      description:
        'identifies the request: sent again within the duplicate window of the stream, its events without an id of their own count once',
    }),
});

/** If-Match, as the version that it names; undefined for any version. */
export const ifMatch = z.object({
  'if-match': z
    .string()
    .regex(/^\s*(\*|"[1-9]\d{0,14}")\s*$/, 'If-Match takes the ETag of a rule: its version in quotes, such as "17".')
    .transform((text) => (text.trim() === '*' ? undefined : Number(text.trim().slice(1, -1))))
    .optional()
    .openapi({ type: 'string', description: 'the ETag of the rule: change it only if nobody has changed it since' }),
});
