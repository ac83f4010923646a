import { operandsIn } from '../../compilation/conditions/operand.ts';
import { COMPARISONS } from '../../model/rule/comparison-words.ts';
import { isOperand, type Operand } from '../../model/rule/operand-words.ts';
import type { SequenceStep } from '../../model/rule/rule-schema.ts';
import { leavesWithPaths } from '../analysis/condition-nodes.ts';
import type { Issue } from './explain-issue.ts';
import type { LeafNode, Node } from '../node.ts';

/* Operands that have no meaning where they stand: the schema cannot express it. */

/** Calculations whose values are durations. */
const DURATIONS: readonly string[] = ['age', 'unchanged', 'timeIn'];

/** @param steps the steps before this node, if it is in a step of a sequence */
export function operandIssues(node: Node, path: string, steps?: readonly SequenceStep[]): Issue[] {
  return leavesWithPaths(node, path).flatMap(({ leaf, path: at }) =>
    sidesOf(leaf, at).flatMap(({ operand, path: of }) => [
      ...valueIssues(operand, of),
      ...('step' in operand && operand.step !== undefined ? stepIssues(operand.step, `${of}.step`, steps) : []),
    ]),
  );
}

/** The operands of a leaf, with their paths. */
export function sidesOf(leaf: LeafNode, path: string): { operand: Operand; path: string }[] {
  return COMPARISONS.flatMap((word) => {
    const side: unknown = leaf[word];
    if (isOperand(side)) return [{ operand: side, path: `${path}.${word}` }];
    if (word !== 'between' || !Array.isArray(side)) return [];
    return side.flatMap((each: unknown, index) =>
      isOperand(each) ? [{ operand: each, path: `${path}.${word}[${index}]` }] : [],
    );
  });
}

function valueIssues(operand: Operand, path: string): Issue[] {
  const { default: fallback, times, plus } = operand;
  const issues: Issue[] = [];
  if ('calc' in operand && DURATIONS.includes(operand.calc))
    issues.push({ path: `${path}.calc`, message: `is a duration, so nothing can be compared with ${operand.calc}` });
  if (typeof fallback !== 'number' && fallback !== undefined && (times !== undefined || plus !== undefined))
    issues.push({ path: `${path}.default`, message: 'must be a number, because times and plus apply to it' });
  return issues;
}

function stepIssues(name: string, path: string, steps: readonly SequenceStep[] | undefined): Issue[] {
  if (steps === undefined)
    return [{ path, message: 'is allowed only in a step of a sequence; without step, the property is of this event' }];
  const named = steps.filter((step) => 'where' in step && step.as === name);
  if (named.length === 1) return [];
  if (named.length > 1)
    return [{ path, message: `several earlier steps have the name ${name}: give each its own (as)` }];
  const names = steps.flatMap((step) => ('where' in step ? (step.as ?? []) : []));
  const advice = names.length === 0 ? 'give one a name with as' : `the earlier ones are ${names.join(', ')}`;
  return [{ path, message: `no earlier step has the name ${name}: ${advice}` }];
}

/** How many values of other properties and calculations a leaf reads. */
export const countOperands = (leaf: LeafNode): number => operandsIn(leaf).length;
