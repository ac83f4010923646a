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
  /** What the ratio should reach, or not exceed; null: it is for information. */
  target: { atLeast: number } | { atMost: number } | null;
}

/** Rows that are measured together, in a process of their own. */
export interface Bench {
  /** `<group>/<name>`: by it, or by a part of it from its beginning, rows are chosen. */
  name: string;
  /** What it measures and how, for docs/benchmarks.md. */
  about: string;
  run: () => Promise<Row[]>;
}

export function row(name: string, unit: string, subject: Side, baseline: Side, target: Row['target'] = null): Row {
  return { name, unit, subject, baseline, ratio: subject.median / baseline.median, target };
}

export function reachesTarget({ ratio, target }: Row): boolean {
  if (target === null) return true;
  return 'atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost;
}
