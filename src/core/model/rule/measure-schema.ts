import { z } from 'zod';
import { hasComparison, isCompared, type ComparisonWord } from './comparison-words.ts';
import { calculation, comparison, durationOrNone, NEEDS_COMPARISON, type Calculation } from './condition-schema.ts';
import { MEASURES } from './measure-words.ts';
import { SEVERITIES } from '../alert/severity.ts';

/** `evaluate` with a value of the whole set: the values of its partitions, put together. */

type Bare<Each> = Each extends unknown ? Omit<Each, ComparisonWord | 'ignoreCase' | 'for'> : never;

/** A calculation without comparison: its value is what counts. */
export type Measured = Bare<Calculation>;

/** The calculations of conditions, without what makes comparisons of them. */
const bare = calculation.options.map((option) =>
  z.strictObject(
    Object.fromEntries(Object.entries(option.shape).filter(([word]) => !isCompared(word) && word !== 'for')),
  ),
);

const measured = z.discriminatedUnion('calc', bare as never) as unknown as z.ZodType<Measured>;

/** The comparisons of a number of the set. */
export const numberComparison = comparison.pick({
  ...{ equals: true, notEquals: true, gt: true, gte: true, lt: true, lte: true, between: true },
}).shape;

/** The times of a level. */
export const levelTimes = {
  for: durationOrNone
    .optional()
    .describe(
      'how long the condition of this level must hold before the level counts, instead of the for of the rule; 0s: none. Once the alert fires, a level below needs none',
    ),
  keepFiringFor: durationOrNone
    .optional()
    .describe(
      'how long the condition of this level must be false before the level ends, instead of the keepFiringFor of the rule; 0s: none',
    ),
};

const measuredLevels = z
  .array(
    z
      .strictObject({
        severity: z.enum(SEVERITIES).describe('severity of the alert while this is the highest level that holds'),
        ...numberComparison,
        ...levelTimes,
      })
      .refine(hasComparison, NEEDS_COMPARISON),
  )
  .min(1)
  .max(SEVERITIES.length)
  .describe('with sum, avg, min and max, each level has a comparison instead of having');

const TYPES = [
  'sum: the sum of the values of all live partitions; needs of, and a comparison',
  'avg: the average of the values of all live partitions; needs of, and a comparison',
  'min: the smallest value of any live partition; needs of, and a comparison',
  'max: the largest value of any live partition; needs of, and a comparison',
].join('; ');

export const measuredEvaluation = z
  .strictObject({
    type: z.enum(MEASURES).describe(TYPES),
    of: measured.describe(
      'with sum, avg, min and max: a calculation of each partition, without a comparison and without for',
    ),
    ...numberComparison,
    levels: measuredLevels.optional(),
  })
  .refine((given) => hasComparison(given) !== (given.levels !== undefined), {
    error: 'needs exactly one of a comparison (such as gt: 100) and levels',
  });
