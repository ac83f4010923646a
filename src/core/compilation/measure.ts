import { comparisonOf } from '../model/rule/comparison-words.ts';
import type { Calculation, Comparison } from '../model/rule/condition-schema.ts';
import type { Measuring } from '../model/rule/measuring.ts';
import { SEVERITY_ORDER, type Severity } from '../model/alert/severity.ts';
import { inMilliseconds, numbersOf, type Leaf } from './conditions/leaf.ts';
import { compileComparison } from './conditions/predicate.ts';

/** How the values of partitions are put together (`evaluate: sum`, `avg`, `min`, `max`). */
export interface CompiledMeasure {
  type: Measuring['type'];
  /** The calculation of each partition. */
  leaf: Leaf;
  /** The values are durations that grow with the clock. */
  grows: boolean;
  /** The partitions with the largest values are the first evidence; else those with the smallest. */
  largestFirst: boolean;
  /** The comparison of each level, from the least to the most severe. */
  tests: ((value: unknown) => boolean)[];
  /** The numbers of all comparisons, ascending; milliseconds if the value grows. */
  operands: number[];
}

export function compileMeasure(
  evaluate: Measuring,
  severity: Severity,
  leafOf: (node: Calculation) => Leaf,
): CompiledMeasure {
  const leaf = leafOf(evaluate.of);
  const grows = leaf.spec.isAge === true;
  const levels = [...(evaluate.levels ?? [{ severity, ...comparisonOf(evaluate) }])].sort(
    (a, b) => SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity],
  );
  const comparisons = levels
    .map((level): Comparison => comparisonOf(level))
    .map((comparison) => (grows ? inMilliseconds(comparison) : comparison));
  return {
    type: evaluate.type,
    leaf,
    grows,
    largestFirst: isLargestFirst(evaluate.type, comparisons),
    tests: comparisons.map(compileComparison),
    operands: [...new Set(comparisons.flatMap(numbersOf))].sort((a, b) => a - b),
  };
}

/** Small values are what a low sum or average comes from. */
function isLargestFirst(type: Measuring['type'], comparisons: readonly Comparison[]): boolean {
  if (type === 'min' || type === 'max') return type === 'max';
  const words = comparisons.flatMap((comparison) => Object.keys(comparison));
  return !words.every((word) => word === 'lt' || word === 'lte');
}
