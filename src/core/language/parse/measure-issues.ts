import { COMPARISONS, comparisonOf } from '../../model/rule/comparison-words.ts';
import type { Comparison } from '../../model/rule/condition-schema.ts';
import { isMeasuring, type Measuring } from '../../model/rule/measuring.ts';
import type { Rule } from '../../model/rule/rule-schema.ts';
import { parseDuration } from '../../primitives/text/duration.ts';
import type { Issue } from './explain-issue.ts';
import type { LeafNode } from '../node.ts';
import { ANY_DURATION, ANY_NUMBER, POSITIVE_NUMBER } from './sample-values.ts';

/** What the schema cannot express about values across partitions, and about those that are expected. */
export function measureIssues({ evaluate, expect, clear }: Rule): Issue[] {
  if (evaluate.type === 'percent' && evaluate.of === 'expected' && expect === undefined)
    return [{ path: 'evaluate.of', message: 'needs expect: it lists the partitions that count' }];
  if (!isMeasuring(evaluate)) return [];
  const levels = (evaluate.levels ?? []).map((level, index): [string, Comparison] => [
    `evaluate.levels[${index}]`,
    level,
  ]);
  const unclear = {
    path: 'clear',
    message: `is not allowed with ${evaluate.type}: no partition satisfies a condition; use keepFiringFor, or levels`,
  };
  return [
    ...(clear === undefined ? [] : [unclear]),
    ...movingIssues(evaluate.of),
    ...[['evaluate', evaluate] satisfies [string, Comparison], ...levels].flatMap(([path, comparison]) =>
      operandIssues(evaluate, comparison, path),
    ),
  ];
}

/** Calculations that move with the clock in more ways than growing: the set would have to be judged every millisecond. */
function movingIssues(of: LeafNode & { hold?: boolean | undefined }): Issue[] {
  if (of.calc === 'timeIn')
    return [{ path: 'evaluate.of.calc', message: 'must not be timeIn: its value moves with the clock all the time' }];
  return of.calc === 'avg' && of.hold === true
    ? [
        {
          path: 'evaluate.of.hold',
          message: 'must not be with avg here: its value would move with the clock all the time',
        },
      ]
    : [];
}

function operandIssues(evaluate: Measuring, comparison: Comparison, path: string): Issue[] {
  const isDuration = DURATIONS.has(evaluate.of.calc);
  const must = isDuration ? `a duration such as 5m, because ${evaluate.of.calc} is a duration` : 'a number';
  return COMPARISONS.flatMap((word) => {
    const operands = [comparison[word] ?? []].flat();
    const isRight = (operand: unknown): boolean =>
      isDuration ? typeof operand === 'string' && parseDuration(operand) !== undefined : typeof operand === 'number';
    return operands.every(isRight) ? [] : [{ path: `${path}.${word}`, message: `must be ${must}` }];
  });
}

/** The comparison of a value of the set, for the analysis. */
export function measuredNode({ of: { calc } }: Measuring, comparison: Comparison): LeafNode {
  const subject = DURATIONS.has(calc) ? ANY_DURATION : POSITIVE.has(calc) ? POSITIVE_NUMBER : ANY_NUMBER;
  return { calc: subject, ...comparisonOf(comparison) };
}

const DURATIONS: ReadonlySet<string> = new Set(['age', 'unchanged']);
const POSITIVE: ReadonlySet<string> = new Set([
  ...['count', 'rate', 'changes', 'distinct', 'flapping', 'ratio'],
  ...['increase', 'range', 'stddev'],
]);
