import { z } from 'zod';
import { ALERT_REASONS } from '../core/model/alert/alert.ts';
import { parseTime } from '../core/model/event/event.ts';
import { SEVERITIES } from '../core/model/alert/severity.ts';
import { momentMs } from './moment.ts';

/** The transitions that a test must list completely; tests ignore reminders and heartbeats. */
export const TESTED_STATUSES = ['firing', 'resolved', 'severity', 'latched', 'unlatched'] as const;

const offset = z
  .string()
  .refine(
    (text) => momentMs(text, 0) !== undefined,
    'must be an offset from the start such as 0s, 90s or 1h30m, or an ISO 8601 time',
  );

const key = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

const event = z
  .looseObject({
    at: offset.describe('when it arrives'),
    clientId: z.string().min(1, 'must not be empty').describe('client of the event'),
    type: z.string().min(1, 'must not be empty').describe('type of the event'),
    time: z
      .union([z.string(), z.number()])
      .optional()
      .describe('event time, if it differs from at: an offset, ISO 8601 or epoch ms'),
  })
  .describe('an event; all other properties are its data');

const expectation = z.strictObject({
  at: offset.describe('evaluatedAt of the alert'),
  status: z.enum(TESTED_STATUSES),
  ruleId: z.string().optional(),
  clientId: z.string().optional(),
  group: key.optional().describe('values of groupBy'),
  partition: key.optional().describe('values of partitionBy, with evaluate each and sequence'),
  episode: z.number().int().optional(),
  reason: z.enum(ALERT_REASONS).optional(),
  severity: z.enum(SEVERITIES).optional(),
  startsAt: offset.optional().describe('when the condition started to hold'),
  endsAt: offset.optional().describe('when it stopped'),
  message: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
export type Expectation = z.infer<typeof expectation>;

const ruleTest = z.strictObject({
  name: z.string().min(1, 'must not be empty').describe('the expected behaviour'),
  start: z
    .string()
    .refine((text) => parseTime(text) !== undefined, 'must be an ISO 8601 time such as 2026-01-01T00:00:00Z')
    .optional()
    .describe('when the rules start; default 2026-01-01T00:00:00Z'),
  events: z.array(event).optional().describe('in order of arrival; events with the same at arrive in the listed order'),
  until: offset.optional().describe('when the clock stops; default: at the last event or expectation'),
  expect: z
    .array(expectation)
    .describe(
      'every firing, resolved and severity transition, in order; [] means none. Only the given fields are compared',
    ),
});
export type RuleTest = z.infer<typeof ruleTest>;

/** A file of rule tests. */
export const ruleTestFileSchema = z.strictObject({
  rules: z
    .array(z.string().min(1, 'must not be empty'))
    .min(1, 'must name at least one rule file')
    .describe('rule files, relative to this file'),
  tests: z.array(ruleTest).min(1, 'must not be empty'),
});
