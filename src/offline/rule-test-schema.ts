import { z } from 'zod';
import { ALERT_REASONS } from '../core/model/alert.ts';
import { parseTime } from '../core/model/event.ts';
import { SEVERITIES } from '../core/model/severity.ts';
import { momentMs } from './moment.ts';

/** The transitions that a test must list, all of them; reminders and heartbeats are left out. */
export const TESTED_STATUSES = ['firing', 'resolved', 'severity'] as const;

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
    clientId: z.string().min(1, 'must not be empty').describe('whose event it is'),
    type: z.string().min(1, 'must not be empty').describe('what kind of event it is'),
    time: z
      .union([z.string(), z.number()])
      .optional()
      .describe('its own time, if it differs: an offset, ISO 8601 or epoch ms'),
  })
  .describe('an event; any further properties are its own');

const expectation = z.strictObject({
  at: offset.describe('when the alert says so: its evaluatedAt'),
  status: z.enum(TESTED_STATUSES),
  ruleId: z.string().optional(),
  clientId: z.string().optional(),
  group: key.optional().describe('values of groupBy'),
  partition: key.optional().describe('values of partitionBy, with evaluate each and sequence'),
  episode: z.number().int().optional(),
  reason: z.enum(ALERT_REASONS).optional(),
  severity: z.enum(SEVERITIES).optional(),
  startsAt: offset.optional().describe('when the condition began to hold'),
  endsAt: offset.optional().describe('when it stopped'),
  message: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
export type Expectation = z.infer<typeof expectation>;

const ruleTest = z.strictObject({
  name: z.string().min(1, 'must not be empty').describe('what the rules do'),
  start: z
    .string()
    .refine((text) => parseTime(text) !== undefined, 'must be an ISO 8601 time such as 2026-01-01T00:00:00Z')
    .optional()
    .describe('when the rules begin; default 2026-01-01T00:00:00Z'),
  events: z.array(event).optional().describe('in order of arrival; those of one moment as they stand here'),
  until: offset.optional().describe('how far the clock runs; default to the last event or expectation'),
  expect: z
    .array(expectation)
    .describe(
      'every firing, resolved and severity transition, in order; [] means silence. Fields that are given are compared',
    ),
});
export type RuleTest = z.infer<typeof ruleTest>;

/** A file of rule tests. */
export const ruleTestFileSchema = z.strictObject({
  rules: z
    .array(z.string().min(1, 'must not be empty'))
    .min(1, 'must name a rule file at least')
    .describe('rule files, relative to this file'),
  tests: z.array(ruleTest).min(1, 'must not be empty'),
});
