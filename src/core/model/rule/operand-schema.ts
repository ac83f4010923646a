import { z } from 'zod';
import type { EventOperand, PartitionOperand } from './operand-words.ts';

/** Right sides of comparisons that are not constants. */

const as = z.literal('number').optional().describe('number: a text that is a number counts as that number');

/** What every operand may have: the value in its place, and how it is compared. */
const adjusted = {
  default: z
    .union([z.number(), z.string(), z.boolean()])
    .optional()
    .describe('used while there is no value; without it, the comparison is then false'),
  times: z.number().optional().meta({ description: 'the value times this number; numbers only', default: 1 }),
  plus: z
    .number()
    .optional()
    .meta({ description: 'then plus this number, which may be negative; numbers only', default: 0 }),
};

export const eventOperand = (path: z.ZodString): z.ZodType<EventOperand> =>
  z
    .strictObject({
      property: path.describe('in where: compare with this property of the same event; with step, of that step'),
      step: z
        .string()
        .min(1)
        .max(64)
        .optional()
        .describe('in a step: the name (as) of an earlier step, whose event has the property'),
      ...{ as, ...adjusted },
    })
    .meta({ id: 'eventOperand' });

/** Of a calculation, an operand has everything but the comparison. */
type CalculationShapes = readonly { shape: Readonly<Record<string, z.core.SomeType>> }[];

/**
 * @param calculations all calculations; an operand has none of their `without` words
 */
export function partitionOperand(
  path: z.ZodString,
  calculations: CalculationShapes,
  without: readonly string[],
): z.ZodType<PartitionOperand> {
  const latest = z.strictObject({
    latest: path.describe("compare with the partition's newest value of this property, whichever event brought it"),
    ...{ as, ...adjusted },
  });
  const calculated = calculations.map(({ shape }) =>
    z.strictObject({
      ...adjusted,
      ...Object.fromEntries<z.core.SomeType>(Object.entries(shape).filter(([word]) => !without.includes(word))),
    }),
  );
  type Discriminated = [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]];
  return z
    .union([latest, z.discriminatedUnion('calc', calculated as unknown as Discriminated)], {
      error: 'must be a value, {latest: …} or {calc: …}',
    })
    .meta({ id: 'partitionOperand' }) as unknown as z.ZodType<PartitionOperand>;
}
