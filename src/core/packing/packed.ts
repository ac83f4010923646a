import type { Scalar } from '../primitives/value.ts';

/**
 * The values of one field in many records, as plain JSON: what they share is written once. Stored names. What a column
 * does not say is how many values it has: whoever reads it knows that.
 */
export type Column =
  /** No record has the field. */
  | ['-']
  /** All have this value. */
  | ['=', Scalar]
  | ['v', readonly Scalar[]]
  /** Few different values: these, and for each record the place of its own. */
  | ['e', readonly Scalar[], readonly number[]]
  /** Whole numbers: the smallest, and what each adds to it. */
  | ['+', number, readonly number[]]
  /** Whole numbers: what each adds to the one before. */
  | ['>', readonly number[]]
  /** Lists: their lengths, and all their elements. */
  | ['l', Column, Column]
  /** Lists of one length: a column for each place. */
  | ['t', readonly Column[]]
  /** Records: a column for each name. */
  | ['r', readonly string[], readonly Column[]]
  /** Most values, and before that others: how far each of these is behind the one before. */
  | ['|', readonly number[], Column, Column];
