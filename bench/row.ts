import type { Figures } from './measure.ts';

/** One side of a row. */
export interface Side extends Figures {
  /** What was measured, in a few words. */
  what: string;
}

/** A ratio, both sides of which were measured in the same run. */
export interface Row {
  /** What the row is about. */
  name: string;
  unit: string;
  subject: Side;
  baseline: Side;
  /** Subject by baseline. */
  ratio: number;
  /** What the ratio must reach, or not exceed; null: it is for information. */
  target: Bound | null;
  /** What it should come to some day. */
  aim: Bound | null;
}

export type Bound = { atLeast: number } | { atMost: number };

/** Rows that are measured together, in a process of their own. */
export interface Bench {
  /** `<group>/<name>`: by it, or by a part of it from its beginning, rows are chosen. */
  name: string;
  /** What it measures and how, for docs/benchmarks.md. */
  about: string;
  run: () => Promise<Row[]>;
}

export function row(
  name: string,
  unit: string,
  subject: Side,
  baseline: Side,
  { target = null, aim = null }: Partial<Pick<Row, 'target' | 'aim'>> = {},
): Row {
  return { name, unit, subject, baseline, ratio: subject.median / baseline.median, target, aim };
}

export function isWithin(ratio: number, bound: Bound | null): boolean {
  if (bound === null) return true;
  return 'atLeast' in bound ? ratio >= bound.atLeast : ratio <= bound.atMost;
}

export const reachesTarget = ({ ratio, target }: Row): boolean => isWithin(ratio, target);
