import { z } from 'zod';
import { parseDuration } from './duration.ts';
import { ID_PATTERN } from './ids.ts';
import { LIMITS } from './limits.ts';
import { isPath } from './path.ts';

/**
 * The rule language, version 1: the single source. Types, validation, the JSON Schema of editors and the reference page
 * are all made from this file.
 */


export const id = z
  .string()
  .regex(ID_PATTERN, 'must be 1 to 64 of a-z, 0-9 and "-", and start with a letter or digit');

export const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'must be a duration such as 500ms, 90s, 5m, 1h30m or 2d')
  .refine((text) => (parseDuration(text) ?? 0) <= LIMITS.longestDurationMs, 'must be 400 days at most')
  .refine((text) => (parseDuration(text) ?? 1) > 0, 'must be more than zero')
  .meta({ pattern: '^(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$' });

const interval = duration.refine(
  (text) => (parseDuration(text) ?? LIMITS.shortestIntervalMs) >= LIMITS.shortestIntervalMs,
  'must be 1s at least',
);

export const path = z
  .string()
  .max(LIMITS.pathLength)
  .refine(isPath, 'must be names joined by dots, such as data.motor.temp');

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const ordered = z.union([z.number(), z.string()]);

const comparisons = {
  equals: scalar.describe("the value is the same; '*' stands for any value that is there"),
  notEquals: scalar.describe('the value is another one of the same type'),
  in: z.array(scalar).min(1).max(LIMITS.listEntries).describe('the value is one of these'),
  notIn: z.array(scalar).min(1).max(LIMITS.listEntries).describe('the value has the type of one of these, and is none of them'),
  gt: ordered.describe('greater than'),
  gte: ordered.describe('greater than or equal'),
  lt: ordered.describe('less than'),
  lte: ordered.describe('less than or equal'),
  between: z.tuple([ordered, ordered]).describe('from the first to the second, both included'),
  exists: z.boolean().describe('true: the property is there; false: it is not'),
  glob: z.string().max(LIMITS.globLength).describe('text with * for any characters and ? for one'),
};

export const COMPARISONS = Object.keys(comparisons) as (keyof typeof comparisons)[];
export const comparison = z.strictObject(comparisons).partial();
export type Comparison = z.infer<typeof comparison>;

const hasComparison = (leaf: object): boolean => COMPARISONS.some((word) => Object.hasOwn(leaf, word));
const NEEDS_COMPARISON = `needs a comparison: one of ${COMPARISONS.join(', ')}`;

const predicateLeaf = z
  .strictObject({ property: path, ...comparison.shape })
  .refine(hasComparison, NEEDS_COMPARISON);

export type Predicate = z.infer<typeof predicateLeaf> | { all: Predicate[] } | { any: Predicate[] } | { not: Predicate };

export const predicate: z.ZodType<Predicate> = z.lazy(() =>
  z.union([
    predicateLeaf,
    z.strictObject({ all: z.array(predicate).min(1) }),
    z.strictObject({ any: z.array(predicate).min(1) }),
    z.strictObject({ not: predicate }),
  ]),
);

export const calculation = z
  .strictObject({
    calc: z.literal('latest').describe("the property's newest value; newest by event time, then by stream sequence"),
    property: path,
    ...comparison.shape,
  })
  .refine(hasComparison, NEEDS_COMPARISON);
export type Calculation = z.infer<typeof calculation>;

export type Condition = Calculation | { all: Condition[] } | { any: Condition[] } | { not: Condition };

export const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    calculation,
    z.strictObject({ all: z.array(condition).min(1) }),
    z.strictObject({ any: z.array(condition).min(1) }),
    z.strictObject({ not: condition }),
  ]),
);

const having = condition.describe('what must be true of a partition');
const counted = { ...comparison.pick({ equals: true, notEquals: true, gt: true, gte: true, lt: true, lte: true, between: true }).shape };

export const evaluation = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('all').describe('at least one live partition, and each one satisfies'), having }),
  z.strictObject({ type: z.literal('any').describe('at least one live partition satisfies'), having }),
  z.strictObject({ type: z.literal('none').describe('at least one live partition, and not one satisfies'), having }),
  z.strictObject({ type: z.literal('each').describe('every partition has an alert of its own'), having }),
  z.strictObject({ type: z.literal('count').describe('how many satisfy'), having, ...counted }).refine(hasComparison, NEEDS_COMPARISON),
  z.strictObject({ type: z.literal('percent').describe('how many of a hundred live ones satisfy'), having, ...counted }).refine(hasComparison, NEEDS_COMPARISON),
]);
export type Evaluation = z.infer<typeof evaluation>;

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export const severity = z.enum(SEVERITIES);
export type Severity = z.infer<typeof severity>;

const keyScalar = z.union([z.string().max(LIMITS.keyValueLength), z.number(), z.boolean()]);

export const ruleSchema = z.strictObject({
  id: id.describe('unique in its client'),
  clientId: id.describe('whose rule it is: the tenant'),
  name: z.string().max(200).optional().describe('for people'),
  enabled: z.boolean().optional().describe('false: the rule rests, and what fires is resolved; default true'),
  where: z
    .array(predicate)
    .min(1, "must not be empty: to take every event say {property: type, equals: '*'}")
    .describe('which events; every entry must hold'),
  groupBy: z.array(path).min(1).max(LIMITS.keyProperties).optional().describe('one partition set, so one workflow, for each distinct combination of these'),
  partitionBy: z.array(path).min(1).max(LIMITS.keyProperties).optional().describe('the partitions inside a set; without it a set has one'),
  expect: z.array(z.record(z.string(), keyScalar)).min(1).max(LIMITS.rosterEntries).optional().describe('partitions that must exist even if they never report'),
  evaluate: evaluation,
  for: duration.optional().describe('must hold this long before it fires'),
  keepFiringFor: duration.optional().describe('must be false this long before it resolves'),
  staleAfter: duration.optional().describe("a partition's data expires this long after its last event"),
  heartbeat: interval.optional().describe('publish the present status at this interval'),
  repeat: interval.optional().describe('remind this often while firing'),
  severity: severity.optional().describe('default warning'),
  labels: z.record(z.string().max(64), z.string().max(256)).optional().describe('copied to every alert, for routing'),
  message: z.string().max(LIMITS.textLength).optional().describe('for people; {{total}}, {{clientId}} and the like are filled in'),
});

export type Rule = z.infer<typeof ruleSchema>;
