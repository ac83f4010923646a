import { z } from 'zod';
import { parseDuration } from '../primitives/duration.ts';
import { LIMITS } from '../primitives/limits.ts';
import { isPath } from '../primitives/path.ts';

/** What a rule asks of an event, and of what is known of a partition: paths, comparisons, predicates, calculations and conditions. */

export const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'must be a duration such as 500ms, 90s, 5m, 1h30m or 2d')
  .refine((text) => (parseDuration(text) ?? 0) <= LIMITS.longestDurationMs, 'must be 400 days at most')
  .refine((text) => (parseDuration(text) ?? 1) > 0, 'must be more than zero')
  .meta({ pattern: '^(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$' });

export const path = z
  .string()
  .max(LIMITS.pathLength)
  .refine(isPath, 'must be names joined by dots, such as data.motor.temp')
  .describe('a property of the event: names joined by dots, such as data.motor.temp');

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const ordered = z.union([z.number(), z.string()]);

const comparisons = {
  equals: scalar.describe("the value is the same; '*' stands for any value that is there, null included"),
  notEquals: scalar.describe(
    'the value is another one of the same type: notEquals 5 is false for "5", and where there is no value',
  ),
  in: z.array(scalar).min(1).max(LIMITS.listEntries).describe('the value is one of these'),
  notIn: z
    .array(scalar)
    .min(1)
    .max(LIMITS.listEntries)
    .describe('the value has the type of one of these, and is none of them'),
  gt: ordered.describe('greater than; text is ordered by its UTF-16 code units'),
  gte: ordered.describe('greater than or equal'),
  lt: ordered.describe('less than'),
  lte: ordered.describe('less than or equal'),
  between: z.tuple([ordered, ordered]).describe('from the first to the second, both included'),
  exists: z.boolean().describe('true: the property is there; false: it is not'),
  glob: z.string().max(LIMITS.globLength).describe('text, as a whole, with * for any characters and ? for one'),
};

export const COMPARISONS = Object.keys(comparisons) as (keyof typeof comparisons)[];

export const comparison = z.strictObject(comparisons).partial();

export type Comparison = z.infer<typeof comparison>;

export const hasComparison = (leaf: object): boolean => COMPARISONS.some((word) => Object.hasOwn(leaf, word));

export const NEEDS_COMPARISON = `needs a comparison: one of ${COMPARISONS.join(', ')}`;

const predicateLeaf = z.strictObject({ property: path, ...comparison.shape }).refine(hasComparison, NEEDS_COMPARISON);

export type Predicate =
  z.infer<typeof predicateLeaf> | { all: Predicate[] } | { any: Predicate[] } | { not: Predicate };

export const predicate: z.ZodType<Predicate> = z.lazy(() =>
  z.union([
    predicateLeaf,
    z.strictObject({ all: z.array(predicate).min(1).describe('each one holds') }),
    z.strictObject({ any: z.array(predicate).min(1).describe('at least one holds') }),
    z.strictObject({ not: predicate }).describe('this one does not hold'),
  ]),
);

const leafFor = duration
  .optional()
  .describe('the comparison must have held for the partition this long, without a break');

const within = duration.describe(
  'the window: events whose own time is in (now - within, now]; it moves with the clock',
);

const leaf = { ...comparison.shape, for: leafFor };

const CALCULATED = [
  'changes: how often the value changed in the window; the value just before the window counts as the first',
  'sum: of the numbers in the window',
  'avg: of the numbers in the window',
  'min: of the numbers in the window',
  'max: of the numbers in the window',
  'distinct: how many different values are in the window',
  'delta: newest minus oldest number in the window',
].join('; ');

export const calculation = z.discriminatedUnion('calc', [
  z
    .strictObject({
      calc: z
        .enum(['latest', 'unchanged'])
        .describe(
          'latest: the newest value, by (event time, stream sequence); unchanged: how long ago the value last changed, a duration',
        ),
      property: path,
      ...leaf,
    })
    .refine(hasComparison, NEEDS_COMPARISON),
  z
    .strictObject({
      calc: z.enum(['changes', 'sum', 'avg', 'min', 'max', 'distinct', 'delta']).describe(CALCULATED),
      property: path,
      within,
      ...leaf,
    })
    .refine(hasComparison, NEEDS_COMPARISON),
  z
    .strictObject({
      calc: z.enum(['count', 'rate']).describe('count: events in the window; rate: events in the window, per second'),
      within,
      ...leaf,
    })
    .refine(hasComparison, NEEDS_COMPARISON),
  z
    .strictObject({
      calc: z.literal('age').describe("how long ago the partition's newest event was, a duration"),
      ...leaf,
    })
    .refine(hasComparison, NEEDS_COMPARISON),
  z.strictObject({
    calc: z
      .literal('flapping')
      .describe(
        'how much the last 21 values changed, 0 to 1; without a comparison it holds from above 0.5 until below 0.25',
      ),
    property: path,
    ...leaf,
  }),
]);

export type Calculation = z.infer<typeof calculation>;

export type Condition = Calculation | { all: Condition[] } | { any: Condition[] } | { not: Condition };

export const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    calculation,
    z.strictObject({ all: z.array(condition).min(1).describe('each one holds') }),
    z.strictObject({ any: z.array(condition).min(1).describe('at least one holds') }),
    z.strictObject({ not: condition }).describe('this one does not hold'),
  ]),
);
