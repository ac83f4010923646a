import { z } from 'zod';
import { COMPARISONS, hasComparison, type ComparisonWord } from './comparison-words.ts';
import { parseDuration } from '../../primitives/text/duration.ts';
import { HOLDABLE, SUMMED } from './calculation-texts.ts';
import { LIMITS } from '../../primitives/limits.ts';
import { eventOperand, partitionOperand } from './operand-schema.ts';
import type { EventOperand, Operand, PartitionOperand } from './operand-words.ts';
import { manyPath, path } from './path-schema.ts';

/** The parts of a rule that read events and partitions: paths, comparisons, predicates, calculations and conditions. */

const DURATION = { pattern: '^(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$' };

/** Where 0s stands for none. */
export const durationOrNone = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'must be a duration such as 500ms, 90s, 5m, 1h30m or 2d')
  .refine((text) => (parseDuration(text) ?? 0) <= LIMITS.longestDurationMs, 'must be at most 400 days')
  .meta(DURATION);

export const duration = durationOrNone
  .refine((text) => (parseDuration(text) ?? 1) > 0, 'must be greater than zero')
  .meta(DURATION);

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const ordered = z.union([z.number(), z.string()]);

const searched = z.string().min(1, 'must not be empty: every text contains the empty text').max(LIMITS.globLength);

/** The comparisons, of which some may have an operand as their right side. */
const comparisonsWith = <Side extends z.ZodType, Any extends z.ZodType>(side: Side, any: Any) =>
  ({
    equals: any.describe("equal to this value; '*' matches any present value, including null"),
    notEquals: any.describe(
      'a different value of the same type: notEquals 5 is false for "5" and for a missing property',
    ),
    in: z.array(scalar).min(1).max(LIMITS.listEntries).describe('equal to one of these values'),
    notIn: z
      .array(scalar)
      .min(1)
      .max(LIMITS.listEntries)
      .describe('has the type of at least one of these values, and equals none of them'),
    gt: side.describe('greater than; strings compare by UTF-16 code units'),
    gte: side.describe('greater than or equal'),
    lt: side.describe('less than'),
    lte: side.describe('less than or equal'),
    between: z.tuple([side, side]).describe('in this range, both ends included'),
    exists: z.boolean().describe('true: the property is present; false: it is missing'),
    glob: z
      .string()
      .max(LIMITS.globLength)
      .describe('the whole string matches; * matches any characters, ? exactly one'),
    contains: searched.describe('a text that contains this one'),
    startsWith: searched.describe('a text that starts with this one'),
    endsWith: searched.describe('a text that ends with this one'),
  }) satisfies Record<ComparisonWord, z.ZodType>;

const ignoreCase = z.boolean().meta({
  description: 'true: upper and lower case are the same; for equals, in, glob, contains, startsWith and endsWith',
  default: false,
});

export const comparison = z.strictObject({ ...comparisonsWith(ordered, scalar), ignoreCase }).partial();

const ofEvent = z.lazy((): z.ZodType<EventOperand> => eventOperand(path));
const ofPartition = z.lazy((): z.ZodType<PartitionOperand> =>
  partitionOperand(path, calculation.options, NOT_IN_OPERANDS),
);
const eventComparison = z
  .strictObject({ ...comparisonsWith(z.union([ordered, ofEvent]), z.union([scalar, ofEvent])), ignoreCase })
  .partial();
const partitionComparison = z
  .strictObject({ ...comparisonsWith(z.union([ordered, ofPartition]), z.union([scalar, ofPartition])), ignoreCase })
  .partial();

type Constants = z.infer<typeof comparison>;
type Side = number | string | Operand;
type Operands = Partial<
  Record<'gt' | 'gte' | 'lt' | 'lte', Side | undefined> &
    Record<'equals' | 'notEquals', Side | boolean | null | undefined>
>;

/** A comparison with constants or with operands. */
export type Comparison = Omit<Constants, keyof Operands | 'between'> &
  Operands & { between?: [Side, Side] | undefined };

/** A comparison whose right sides are constants. */
export type ConstantComparison = Constants;

export const NEEDS_COMPARISON = `needs a comparison: one of ${COMPARISONS.join(', ')}`;

const asNumber = z
  .literal('number')
  .optional()
  .describe(
    'number: a text that is a number (sign, digits, fraction, exponent; spaces around) counts as that number; any other value that is not a number, as if the property were missing',
  );

const predicateLeaf = z
  .strictObject({ property: manyPath, as: asNumber, ...eventComparison.shape })
  .refine(hasComparison, NEEDS_COMPARISON);

export type PredicateLeaf = z.infer<typeof predicateLeaf>;

export type Predicate = PredicateLeaf | { all: Predicate[] } | { any: Predicate[] } | { not: Predicate };

export const predicate: z.ZodType<Predicate> = z.lazy(() =>
  z.union([
    predicateLeaf,
    z.strictObject({ all: z.array(predicate).min(1).describe('every entry holds') }),
    z.strictObject({ any: z.array(predicate).min(1).describe('at least one entry holds') }),
    z.strictObject({ not: predicate }).describe('the entry does not hold'),
  ]),
);

const leafFor = duration
  .optional()
  .describe('how long the comparison must hold for the partition without interruption');

const within = duration.describe(
  'the window: events with an event time in (now - within, now]; it slides with the clock',
);

const leaf = {
  where: z
    .array(predicate)
    .min(1)
    .optional()
    .describe('which events enter the calculation; every entry must hold; without it, all events of the rule'),
  ...partitionComparison.shape,
  for: leafFor,
};

const last = z
  .int()
  .min(1)
  .max(LIMITS.last)
  .optional()
  .describe(
    'in place of within or beside it: only the newest so many events, by (event time, stream sequence), that enter the calculation and have its property; with count and ratio, so many events of the partition are looked at, and the matching ones counted',
  );

const whenFull = z
  .boolean()
  .meta({
    description:
      'true: the value is unknown until the partition has been known for as long as within, or as many events have come as last says',
    default: false,
  })
  .optional();

const minSamples = z
  .int()
  .min(1)
  .max(LIMITS.minSamples)
  .optional()
  .describe('with fewer events in the window that enter the calculation, its value is unknown');

const hold = z.boolean().optional().meta({
  description:
    "true: a value holds until the next one, so the value at the window's start belongs to the window, and avg is weighted by time; for avg, min, max, range, delta, deltaPercent and distinct",
  default: false,
});

const withComparison = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape).refine(hasComparison, NEEDS_COMPARISON);

/** The window of a calculation: a time, a number of events, or both. */
const windowed = { within: within.optional(), last, whenFull, minSamples };

export const calculation = z.discriminatedUnion('calc', [
  withComparison({
    calc: z
      .enum(['latest', 'unchanged'])
      .describe(
        'latest: the newest value, ordered by (event time, stream sequence); unchanged: duration since the value last changed',
      ),
    property: manyPath,
    as: asNumber,
    ...leaf,
  }),
  withComparison({
    calc: z.enum(['changes', 'sum', 'stddev', 'increase']).describe(SUMMED),
    property: path,
    as: asNumber,
    ...windowed,
    ...leaf,
  }),
  withComparison({
    calc: z.enum(['avg', 'min', 'max', 'range', 'delta', 'deltaPercent']).describe(HOLDABLE),
    property: path,
    as: asNumber,
    ...windowed,
    hold,
    ...leaf,
  }),
  withComparison({
    calc: z
      .literal('percentile')
      .describe(
        'the smallest number in the window that at least p percent of the numbers do not exceed (nearest rank)',
      ),
    property: path,
    as: asNumber,
    p: z.number().gt(0).max(100).describe('the percentage of percentile: 95 is the 95th percentile'),
    ...windowed,
    ...leaf,
  }),
  withComparison({
    calc: z.literal('distinct').describe('distinct: number of distinct values in the window'),
    property: path,
    as: asNumber,
    ...windowed,
    hold,
    ...leaf,
  }),
  withComparison({
    calc: z
      .enum(['count', 'rate'])
      .describe('count: number of events in the window; rate: events per second in the window'),
    ...windowed,
    ...leaf,
  }),
  withComparison({
    calc: z
      .literal('ratio')
      .describe('share of the events in the window that match where, 0 to 1; unknown without events in the window'),
    ...windowed,
    ...leaf,
    where: z.array(predicate).min(1).describe('ratio: which events match; every entry must hold'),
    among: z
      .array(predicate)
      .min(1)
      .optional()
      .describe('ratio: which events count at all; every entry must hold; without it, all events of the rule'),
  }),
  withComparison({
    calc: z
      .literal('timeIn')
      .describe(
        'a duration: for how much of the window the newest event so far matched where; it moves with the clock',
      ),
    within,
    whenFull,
    ...leaf,
    where: z.array(predicate).min(1).describe('timeIn: which events match; every entry must hold'),
  }),
  withComparison({
    calc: z
      .literal('age')
      .describe("duration since the partition's newest event, or since the newest that matches where"),
    ...leaf,
  }),
  z.strictObject({
    calc: z
      .literal('flapping')
      .describe(
        'how often the last 21 values changed, weighted, 0 to 1; without a comparison it starts to hold above 0.5 and stops below 0.25',
      ),
    property: path,
    as: asNumber,
    ...leaf,
  }),
]);

/** What belongs to a leaf, not to its calculation. */
const NOT_IN_OPERANDS = [...Object.keys(comparison.shape), 'for'];

export type Calculation = z.infer<typeof calculation>;

export type Condition = Calculation | { all: Condition[] } | { any: Condition[] } | { not: Condition };

export const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    calculation,
    z.strictObject({ all: z.array(condition).min(1).describe('every entry holds') }),
    z.strictObject({ any: z.array(condition).min(1).describe('at least one entry holds') }),
    z.strictObject({ not: condition }).describe('the entry does not hold'),
  ]),
);
