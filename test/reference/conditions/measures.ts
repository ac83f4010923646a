import type { Comparison } from '../../../src/core/model/rule/condition-schema.ts';
import type { Evaluation, Rule } from '../../../src/core/model/rule/rule-schema.ts';
import type { Severity } from '../../../src/core/model/alert/severity.ts';
import { calculate } from './calculate.ts';
import { compares, COMPARISON_WORDS } from '../compare.ts';
import type { Answer } from './condition.ts';
import { exactSum } from './exact-sum.ts';
import type { Arrival, Leaf } from '../model.ts';
import { ms } from '../ms.ts';

/* "Values across partitions" of docs/semantics.md. */

export type Measuring = Extract<Evaluation, { type: 'sum' | 'avg' | 'min' | 'max' }>;

export const isMeasuring = (evaluate: Evaluation): evaluate is Measuring =>
  ['sum', 'avg', 'min', 'max'].includes(evaluate.type);

/** Whether the values are durations, which grow with the clock. */
const grows = ({ of }: Measuring): boolean => of.calc === 'age' || of.calc === 'unchanged';

/** The part of a partition that counts here. */
interface Valued {
  value: unknown;
  life: readonly Arrival[];
}

/** Whether the value of all live partitions, put together, compares as a severity says. */
export function measures(evaluate: Measuring, severity: Severity, live: readonly Valued[], clock: number): Answer {
  const numbers = live
    .map(({ value, life }) =>
      grows(evaluate)
        ? calculate(evaluate.of as Leaf, life, { clock, cause: clock, end: true, arrival: -Infinity })
        : value,
    )
    .map((value) => (typeof value === 'bigint' ? Number(value) : value))
    .filter((value) => typeof value === 'number' && Number.isFinite(value))
    .map((value) => (grows(evaluate) ? Math.max(0, value as number) : (value as number)));
  if (numbers.length === 0) return 'unknown';
  const level = evaluate.levels?.find((each) => each.severity === severity) ?? evaluate;
  const words = Object.entries(level).filter(([word]) => COMPARISON_WORDS.includes(word));
  const operands = words.map(([word, operand]) => [word, grows(evaluate) ? inMs(operand) : operand]);
  return compares(Object.fromEntries(operands) as Comparison, TOGETHER[evaluate.type](numbers)) ? 'yes' : 'no';
}

const inMs = (operand: unknown): unknown => (Array.isArray(operand) ? operand.map(inMs) : ms(operand as string));

const TOGETHER: Record<Measuring['type'], (numbers: readonly number[]) => number> = {
  sum: exactSum,
  avg: (numbers) => exactSum(numbers) / numbers.length,
  min: (numbers) => Math.min(...numbers),
  max: (numbers) => Math.max(...numbers),
};

/** Into how many parts of a unit several growing values split the time: up to three partitions grow together. */
const PARTS = 6;

export const partsOf = ({ evaluate }: Rule): number =>
  isMeasuring(evaluate) && grows(evaluate) && (evaluate.type === 'sum' || evaluate.type === 'avg') ? PARTS : 1;
