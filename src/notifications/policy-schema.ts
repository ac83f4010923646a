import { z } from 'zod';
import { SUBJECT_PLACEHOLDERS } from './sinks/nats.ts';
import { ALERT_REASONS, ALERT_STATUSES } from '../core/model/alert/alert.ts';
import { parseDuration } from '../core/primitives/text/duration.ts';
import { ID_PATTERN } from '../core/model/ids.ts';
import { severity } from '../core/model/rule/rule-schema.ts';

const DEFAULT_TIMEOUT = '10s';
const LONGEST_TIMEOUT_MS = 60_000;
const MAX_SUBJECT_LENGTH = 256;
const MAX_PATTERN_LENGTH = 256;

const PLACEHOLDER = `\\{\\{(?:${SUBJECT_PLACEHOLDERS.join('|')})\\}\\}`;
/**
 * Tokens of letters, digits, "-", "_" and placeholders; the first token has no placeholder, so that its prefix is
 * fixed.
 */
const SUBJECT = new RegExp(`^[\\w-]+(?:\\.(?:[\\w-]|${PLACEHOLDER})+)*$`);
/** Subjects that vigil reads; publishing alerts there would create a loop, or overwrite what vigil stores. */
const OWN_SUBJECTS = /^(?:events|alerts|deadletter|vigil|_INBOX)(?:\.|$)/;

const oneOrMore = <T extends z.ZodType>(type: T) =>
  z.preprocess(
    (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : [value]),
    z.array(type).min(1, 'must not be empty'),
  );
const pattern = oneOrMore(z.string('must be a string').min(1).max(MAX_PATTERN_LENGTH));

const match = z.strictObject({
  clientId: pattern.optional().describe('client ids; `*` stands for any characters'),
  ruleId: pattern.optional().describe('rule ids; `*` stands for any characters'),
  status: oneOrMore(z.enum(ALERT_STATUSES)).optional(),
  severity: oneOrMore(severity).optional(),
  reason: oneOrMore(z.enum(ALERT_REASONS)).optional(),
  labels: z.record(z.string(), pattern).optional().describe("the rule's labels; `*` stands for any characters"),
});
export type AlertMatch = z.output<typeof match>;

const timeout = z
  .string()
  .default(DEFAULT_TIMEOUT)
  .transform((text) => parseDuration(text) ?? 0)
  .refine((ms) => ms > 0 && ms <= LONGEST_TIMEOUT_MS, 'must be a duration up to 1m, such as 10s');

const webhook = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
  headers: z.record(z.string(), z.string()).optional(),
  timeout,
});

const nats = z.strictObject({
  subject: z
    .string()
    .max(MAX_SUBJECT_LENGTH)
    .regex(
      SUBJECT,
      `must be a subject such as pages.{{clientId}}; placeholders, except in the first token: ${SUBJECT_PLACEHOLDERS.join(', ')}`,
    )
    .refine(
      (subject) => !OWN_SUBJECTS.test(subject),
      'must not be a subject that vigil reads: events, alerts, deadletter, vigil',
    ),
});

const receiver = z
  .strictObject({ log: z.strictObject({}), webhook, nats })
  .partial()
  .refine((kinds) => Object.keys(kinds).length === 1, 'must have exactly one of log, webhook, nats');
export type Receiver = z.output<typeof receiver>;

const receiverName = z
  .string()
  .regex(ID_PATTERN, 'must have 1 to 64 characters of a-z, 0-9 and "-", and start with a letter or digit');

export const policySchema = z
  .strictObject({
    receivers: z.record(receiverName, receiver),
    routes: z.array(z.strictObject({ match: match.default({}), notify: oneOrMore(receiverName) })),
  })
  .check((ctx) => {
    const names = Object.keys(ctx.value.receivers);
    ctx.value.routes.forEach(({ notify }, index) => {
      for (const name of notify.filter((each) => !names.includes(each))) {
        const message = `names ${name}, which is not in receivers: ${names.join(', ')}`;
        ctx.issues.push({ code: 'custom', input: name, path: ['routes', index, 'notify'], message });
      }
    });
  });

export type Policy = z.output<typeof policySchema>;
