import { isWholeNumber } from '../../primitives/numbers/whole-number.ts';

/* Operands: right sides of comparisons that are not constants. Without the schema library, which workflows do not load. */

/** How a value becomes the right side of a comparison: value × times + plus. */
export interface Adjustment {
  as?: 'number' | undefined;
  default?: number | string | boolean | undefined;
  times?: number | undefined;
  plus?: number | undefined;
}

/** In `where`: another property of the event, or a property of the event that matched an earlier step. */
export type EventOperand = Adjustment & { property: string; step?: string | undefined };

/** In `having`, `levels` and `clear`: the newest value of a property, or another calculation of the partition. */
export type PartitionOperand = Adjustment & ({ latest: string } | CalculatedOperand);

/** The words of a calculation, as far as it needs them. */
export interface CalculatedOperand {
  calc: string;
  property?: string | undefined;
  within?: string | undefined;
  where?: unknown[] | undefined;
}

export type Operand = EventOperand | PartitionOperand;

/** Whether the right side of a comparison is an operand. */
export const isOperand = (side: unknown): side is Operand =>
  typeof side === 'object' && side !== null && !Array.isArray(side) && !isWholeNumber(side);
