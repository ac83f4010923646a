import type { Figures } from './measure.ts';

/** One side of a row. */
export interface Side extends Figures {
  /** Short name of the contestant. */
  what: string;
}

/** A ratio of two figures that were measured in the same run. */
export interface Row {
  /** Name of the figure. */
  name: string;
  unit: string;
  subject: Side;
  baseline: Side;
  /** Subject divided by baseline. */
  ratio: number;
  /** Bound that the ratio must meet; null: informational. */
  target: Bound | null;
  /** Long-term goal for the ratio. */
  aim: Bound | null;
}

export type Bound = { atLeast: number } | { atMost: number };

/** Rows that are measured together, in a separate process. */
export interface Bench {
  /** `<group>/<name>`; benchmarks are selected by a prefix of it. */
  name: string;
  /** Description of the measurement, for docs/benchmarks.md. */
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
