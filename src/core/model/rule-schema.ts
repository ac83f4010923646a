import { z } from 'zod';
import { parseDuration } from '../primitives/duration.ts';
import { LIMITS } from '../primitives/limits.ts';
import { DAY_NAMES, isTimeZone } from '../primitives/time-zone.ts';
import {
  duration,
  path,
  comparison,
  hasComparison,
  NEEDS_COMPARISON,
  predicate,
  condition,
} from './condition-schema.ts';
import { ID_PATTERN } from './ids.ts';
import { SEVERITIES } from './severity.ts';

/**
 * The rule language, version 1: the single source, with what an event is asked in condition-schema.ts. Types, validation, the JSON
 * Schema of editors and the reference page are all made from these two files.
 */

export const id = z.string().regex(ID_PATTERN, 'must be 1 to 64 of a-z, 0-9 and "-", and start with a letter or digit');

const interval = duration.refine(
  (text) => (parseDuration(text) ?? LIMITS.shortestIntervalMs) >= LIMITS.shortestIntervalMs,
  'must be 1s at least',
);

export const severity = z.enum(SEVERITIES);

const levels = z
  .array(
    z.strictObject({
      severity: severity.describe('what the alert is while this level is the highest that holds'),
      having: condition.describe('what must be true of a partition at this level'),
    }),
  )
  .min(1)
  .max(SEVERITIES.length)
  .describe('in place of having: the highest level at which the aggregate holds is the severity');
const judged = {
  having: condition.optional().describe('what must be true of a partition; or levels'),
  levels: levels.optional(),
};
const counted = {
  ...comparison.pick({ equals: true, notEquals: true, gt: true, gte: true, lt: true, lte: true, between: true }).shape,
};

const oneOf = (evaluation: { having?: unknown; levels?: unknown }): boolean =>
  (evaluation.having === undefined) !== (evaluation.levels === undefined);
const ONE_OF = 'needs either having or levels';

const stepWhere = z.array(predicate).min(1).describe('which events; every entry must hold');
export const sequenceStep = z.union([
  z.strictObject({
    where: stepWhere,
    as: z.string().min(1).max(64).optional().describe('a name for the step, for people'),
    within: duration.optional().describe('the event must come no later than this after the step before'),
  }),
  z.strictObject({
    not: z.strictObject({ where: stepWhere }).describe('an event that must not come'),
    within: duration.describe('with not: none may come for this long after the step before'),
  }),
]);
export type SequenceStep = z.infer<typeof sequenceStep>;

export const evaluation = z.discriminatedUnion('type', [
  z
    .strictObject({ type: z.literal('all').describe('at least one live partition, and each one satisfies'), ...judged })
    .refine(oneOf, ONE_OF),
  z
    .strictObject({ type: z.literal('any').describe('at least one live partition satisfies'), ...judged })
    .refine(oneOf, ONE_OF),
  z
    .strictObject({ type: z.literal('none').describe('at least one live partition, and not one satisfies'), ...judged })
    .refine(oneOf, ONE_OF),
  z
    .strictObject({ type: z.literal('each').describe('every partition has an alert of its own'), ...judged })
    .refine(oneOf, ONE_OF),
  z
    .strictObject({
      type: z.literal('count').describe('how many partitions satisfy: takes a comparison'),
      ...judged,
      ...counted,
    })
    .refine(oneOf, ONE_OF)
    .refine(hasComparison, NEEDS_COMPARISON),
  z
    .strictObject({
      type: z.literal('percent').describe('how many of a hundred live partitions satisfy: takes a comparison'),
      ...judged,
      ...counted,
    })
    .refine(oneOf, ONE_OF)
    .refine(hasComparison, NEEDS_COMPARISON),
  z.strictObject({
    type: z.literal('sequence').describe('events in this order, in each partition, which has an alert of its own'),
    steps: z.array(sequenceStep).min(1).max(LIMITS.sequenceSteps).describe('what must come, one after the other'),
  }),
]);
export type Evaluation = z.infer<typeof evaluation>;

const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const timeOfDay = z.string().regex(TIME_OF_DAY, 'must be a time of day such as 06:00');
const endOfDay = z
  .string()
  .regex(new RegExp(`${TIME_OF_DAY.source}|^24:00$`), 'must be a time of day such as 22:00, or 24:00');
export const schedule = z.strictObject({
  timezone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
    .describe('IANA name such as Europe/Berlin; daylight saving is followed'),
  days: z
    .array(z.enum(DAY_NAMES))
    .min(1)
    .optional()
    .meta({ description: 'on which it opens', default: [...DAY_NAMES] }),
  from: timeOfDay.optional().meta({ description: 'when it opens, local time', default: '00:00' }),
  to: endOfDay.optional().meta({
    description: 'when it closes, local time, not included; at or before from: on the next day',
    default: '24:00',
  }),
});
export type Schedule = z.infer<typeof schedule>;

const keyScalar = z.union([z.string().max(LIMITS.keyValueLength), z.number(), z.boolean()]);

const THEN = [
  'alert: fires, with reason noData, until data returns',
  'resolve: what fires is resolved, with reason noData, and nothing fires until the next event',
  'keep: everything stays as it is',
].join('; ');

export const ruleSchema = z.strictObject({
  id: id.describe('unique in its client; alerts are published on alerts.<clientId>.<id>'),
  clientId: id.describe('whose rule it is: the tenant; it sees the events of this client only'),
  name: z
    .string()
    .optional()
    .describe(`for people; ${LIMITS.nameBytes} bytes of UTF-8 at most, so 200 characters of any script`),
  enabled: z
    .boolean()
    .optional()
    .meta({ description: 'false: the rule rests, and what fires is resolved', default: true }),
  where: z
    .array(predicate)
    .min(1, "must not be empty: to take every event say {property: type, equals: '*'}")
    .describe("which events are the rule's; every entry must hold"),
  groupBy: z
    .array(path)
    .min(1)
    .max(LIMITS.keyProperties)
    .optional()
    .describe(
      'one partition set, so one workflow and (but with each) one alert, for each distinct combination of these',
    ),
  partitionBy: z
    .array(path)
    .min(1)
    .max(LIMITS.keyProperties)
    .optional()
    .describe('the partitions inside a set, one for each distinct combination of these; without it a set has one'),
  expect: z
    .array(z.record(z.string(), keyScalar))
    .min(1)
    .max(LIMITS.rosterEntries)
    .optional()
    .describe(
      'the roster: partitions that must exist even if they never report. An entry that names properties of groupBy is for that group, else for each',
    ),
  evaluate: evaluation.describe('what must be true, of which partitions'),
  for: duration.optional().describe('the condition must hold this long before it fires'),
  keepFiringFor: duration.optional().describe('the condition must be false this long before it resolves'),
  clear: condition
    .optional()
    .describe('hysteresis: a partition that satisfies goes on doing so until this holds for it'),
  staleAfter: duration
    .optional()
    .describe(
      "a partition's data expires this long after its newest event; it is no longer live, and what only it made true resolves (staleData)",
    ),
  noData: z
    .strictObject({
      after: duration.describe('without any event for this long'),
      then: z.enum(['alert', 'resolve', 'keep']).optional().meta({ description: THEN, default: 'keep' }),
    })
    .optional()
    .describe('what to do when nothing comes any more'),
  heartbeat: interval
    .optional()
    .describe(
      'publish the present status at this interval, 1s at least: fires or not, with each for every live partition',
    ),
  repeat: interval.optional().describe('publish a reminder this often while firing, 1s at least'),
  severity: severity.optional().meta({ description: 'how bad it is; or evaluate.levels', default: 'warning' }),
  schedule: schedule
    .optional()
    .describe('when alerts may start; what fires goes on, and can resolve, when it is closed'),
  labels: z
    .record(z.string().max(64), z.string().max(256))
    .optional()
    .describe(`copied to every alert, for routing; ${LIMITS.labelsBytes} bytes at most, all together as JSON`),
  message: z
    .string()
    .max(LIMITS.textLength)
    .optional()
    .describe('for people; {{total}}, {{clientId}} and the like are filled in (Mustache)'),
  resolvedMessage: z
    .string()
    .max(LIMITS.textLength)
    .optional()
    .describe('in place of message when an alert is resolved; without it: "Resolved: " and what message says then'),
});

export type Rule = z.infer<typeof ruleSchema>;
