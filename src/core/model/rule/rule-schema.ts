import { z } from 'zod';
import { formatDuration, parseDuration } from '../../primitives/text/duration.ts';
import { LIMITS } from '../../primitives/limits.ts';
import { hasComparison } from './comparison-words.ts';
import { duration, NEEDS_COMPARISON, predicate, condition } from './condition-schema.ts';
import { ID_PATTERN } from '../ids.ts';
import { levelTimes, measuredEvaluation, numberComparison } from './measure-schema.ts';
import { path } from './path-schema.ts';
import { schedule } from './schedule-schema.ts';
import { SEVERITIES } from '../alert/severity.ts';

/**
 * The rule language, version 1.1. This file, condition-schema.ts and schedule-schema.ts are the single source of its
 * types, validation, JSON Schema for editors, and reference page.
 */

export const id = z
  .string()
  .regex(ID_PATTERN, 'must have 1 to 64 characters of a-z, 0-9 and "-", and start with a letter or digit');

const interval = duration.refine(
  (text) => (parseDuration(text) ?? LIMITS.shortestIntervalMs) >= LIMITS.shortestIntervalMs,
  'must be at least 1s',
);

export const severity = z.enum(SEVERITIES);

const levels = z
  .array(
    z.strictObject({
      severity: severity.describe('severity of the alert while this is the highest level that holds'),
      having: condition.describe('condition that a partition must satisfy at this level'),
      clear: condition.optional().describe('at this level, instead of the clear of the rule'),
      ...levelTimes,
    }),
  )
  .min(1)
  .max(SEVERITIES.length)
  .describe('instead of having: the severity of the alert is that of the highest level that holds');
const judged = {
  having: condition.optional().describe('condition that a partition must satisfy; or use levels'),
  levels: levels.optional(),
};
const oneOf = (evaluation: { having?: unknown; levels?: unknown }): boolean =>
  (evaluation.having === undefined) !== (evaluation.levels === undefined);
const ONE_OF = 'needs exactly one of having and levels';

const stepWhere = z.array(predicate).min(1).describe('which events match; every entry must hold');
const unless = z
  .strictObject({ where: stepWhere })
  .optional()
  .describe('an event that ends the match if it arrives before the step is done; not on the first step');
export const sequenceStep = z.union([
  z.strictObject({
    where: stepWhere,
    as: z.string().min(1).max(64).optional().describe('display name of the step'),
    within: duration
      .optional()
      .describe(
        'each event of the step must follow the previous event of the match, or the previous not, within this time',
      ),
    times: z
      .int()
      .min(1)
      .max(LIMITS.stepTimes)
      .optional()
      .meta({ description: 'how many events the step needs', default: 1 }),
    strict: z.boolean().optional().meta({
      description:
        'true: the next event that the rule reads must be it, or the match ends; not on the first step, nor after a not',
      default: false,
    }),
    unless,
  }),
  z.strictObject({
    not: z.strictObject({ where: stepWhere }).describe('an event that must not occur'),
    within: duration.describe('with not: no such event may occur for this long after the previous step'),
    unless,
  }),
]);
export type SequenceStep = z.infer<typeof sequenceStep>;

export const evaluation = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('all').describe('at least one partition is live, and every live partition satisfies'),
      ...judged,
    })
    .refine(oneOf, ONE_OF),
  z
    .strictObject({ type: z.literal('any').describe('at least one live partition satisfies'), ...judged })
    .refine(oneOf, ONE_OF),
  z
    .strictObject({
      type: z.literal('none').describe('at least one partition is live, and no live partition satisfies'),
      ...judged,
    })
    .refine(oneOf, ONE_OF),
  z
    .strictObject({ type: z.literal('each').describe('every partition has its own alert'), ...judged })
    .refine(oneOf, ONE_OF),
  z
    .strictObject({
      type: z.literal('count').describe('number of partitions that satisfy; needs a comparison'),
      ...judged,
      ...numberComparison,
    })
    .refine(oneOf, ONE_OF)
    .refine(hasComparison, NEEDS_COMPARISON),
  z
    .strictObject({
      type: z.literal('percent').describe('percentage of live partitions that satisfy; needs a comparison'),
      of: z
        .literal('expected')
        .optional()
        .describe('expected, with percent: of the partitions that expect lists, live or not; no others count'),
      ...judged,
      ...numberComparison,
    })
    .refine(oneOf, ONE_OF)
    .refine(hasComparison, NEEDS_COMPARISON),
  measuredEvaluation,
  z.strictObject({
    type: z.literal('sequence').describe('events in this order, per partition; every partition has its own alert'),
    steps: z.array(sequenceStep).min(1).max(LIMITS.sequenceSteps).describe('the steps to match, in order'),
    within: duration
      .optional()
      .describe('maximum time from the first event of a match to its last one; a not at the end has its own deadline'),
  }),
]);
export type Evaluation = z.infer<typeof evaluation>;

const keyScalar = z.union([z.string().max(LIMITS.keyValueLength), z.number(), z.boolean()]);

const THEN = [
  'alert: fire with reason noData until data returns',
  'resolve: resolve with reason noData, and do not fire before the next event',
  'keep: change nothing',
].join('; ');

export const ruleSchema = z.strictObject({
  id: id.describe('unique within its client; alerts are published on alerts.<clientId>.<id>'),
  clientId: id.describe('the client (tenant) that owns the rule; the rule sees only events of this client'),
  name: z.string().optional().describe(`display name; at most ${LIMITS.nameBytes} bytes of UTF-8`),
  enabled: z
    .boolean()
    .optional()
    .meta({ description: 'false: the rule is paused, and firing alerts resolve', default: true }),
  where: z
    .array(predicate)
    .min(1, "must not be empty; to match every event, use {property: type, equals: '*'}")
    .describe('which events the rule reads; every entry must hold'),
  settings: z
    .array(predicate)
    .min(1)
    .optional()
    .describe(
      'events, apart from where, that only bring values for operands (latest): every entry must hold; they enter no calculation and make no partition live. One without the properties of partitionBy is for all partitions',
    ),
  groupBy: z
    .array(path)
    .min(1)
    .max(LIMITS.keyProperties)
    .optional()
    .describe(
      'one partition set, so one workflow and (except with each and sequence) one alert, for each distinct combination of these values',
    ),
  partitionBy: z
    .array(path)
    .min(1)
    .max(LIMITS.keyProperties)
    .optional()
    .describe(
      'one partition of the partition set for each distinct combination of these values; without it a set has one partition',
    ),
  expect: z
    .array(z.record(z.string(), keyScalar))
    .min(1)
    .max(LIMITS.rosterEntries)
    .optional()
    .describe(
      'partitions that must exist even if they never report. An entry that names properties of groupBy applies to that group, any other entry to every group',
    ),
  forgetOn: z
    .array(predicate)
    .min(1)
    .optional()
    .describe(
      'which events remove their partition, whether or not they match where; every entry must hold. An alert of the partition resolves (forgotten), and an expected partition is not expected until it reports again',
    ),
  evaluate: evaluation.describe('the condition, and for which partitions it must hold'),
  for: duration.optional().describe('how long the condition must hold before the alert fires'),
  keepFiringFor: duration.optional().describe('how long the condition must be false before the alert resolves'),
  latch: z.boolean().optional().meta({
    description: 'true: an alert whose condition has ended fires until somebody acknowledges it',
    default: false,
  }),
  clear: condition
    .optional()
    .describe(
      'hysteresis: while the alert fires, a partition that satisfies continues to satisfy until this condition holds for it',
    ),
  staleAfter: duration
    .optional()
    .describe(
      "a partition's data expires this long after its newest event; the partition is no longer live, and alerts that only it kept firing resolve (staleData)",
    ),
  noData: z
    .strictObject({
      after: duration.describe('how long without any event'),
      then: z.enum(['alert', 'resolve', 'keep']).optional().meta({ description: THEN, default: 'keep' }),
    })
    .optional()
    .describe('what to do when events stop arriving'),
  lateTolerance: duration
    .refine(
      (text) => (parseDuration(text) ?? 0) <= LIMITS.longestToleranceMs,
      `must be at most ${formatDuration(LIMITS.longestToleranceMs)}`,
    )
    .optional()
    .meta({
      description:
        "how far the rule's clock runs behind the stream's; events that arrive within this time of each other are taken in the order of their own times, and alerts come this much later",
      default: '0s',
    }),
  backfill: duration
    .refine(
      (text) => (parseDuration(text) ?? 0) <= LIMITS.longestBackfillMs,
      `must be at most ${formatDuration(LIMITS.longestBackfillMs)}`,
    )
    .optional()
    .describe(
      'when the rule starts, or a change of it loses state: how far back in the stream it begins. It publishes what fires then, and nothing that is over',
    ),
  heartbeat: interval
    .optional()
    .describe(
      'publish the current state at this interval, at least 1s, firing or not; with each, for every live partition',
    ),
  repeat: interval.optional().describe('publish a reminder at this interval, at least 1s, while firing'),
  severity: severity
    .optional()
    .meta({ description: 'severity of the alert; or use evaluate.levels', default: 'warning' }),
  schedule: schedule
    .optional()
    .describe(
      'when alerts may start to fire; while it is closed, for runs, and a firing alert continues or resolves (onClose)',
    ),
  labels: z
    .record(z.string().max(64), z.string().max(256))
    .optional()
    .describe(`copied to every alert, for routing; at most ${LIMITS.labelsBytes} bytes of JSON in total`),
  message: z
    .string()
    .max(LIMITS.textLength)
    .optional()
    .describe('text of the alert, a Mustache template with values such as {{total}} and {{clientId}}'),
  resolvedMessage: z
    .string()
    .max(LIMITS.textLength)
    .optional()
    .describe('instead of message when the alert resolves; default: "Resolved: " followed by message'),
});

export type Rule = z.infer<typeof ruleSchema>;
