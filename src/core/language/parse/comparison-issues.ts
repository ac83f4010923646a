import { CASED, COMPARISONS } from '../../model/rule/comparison-words.ts';
import { parseDuration } from '../../primitives/text/duration.ts';
import { leavesWithPaths } from '../analysis/condition-nodes.ts';
import type { Issue } from './explain-issue.ts';
import type { LeafNode, Node } from '../node.ts';

/** Comparisons that a leaf cannot have, or not together: the schema cannot express it. */
export function comparisonIssues(node: Node, path: string): Issue[] {
  return leavesWithPaths(node, path).flatMap(({ leaf, path: at }) => [
    ...durationIssues(leaf, at),
    ...caseIssues(leaf, at),
  ]);
}

const OF_TEXT = ['contains', 'startsWith', 'endsWith', 'ignoreCase'] as const;

/** `age`, `unchanged` and `timeIn` are durations, so they compare with durations. */
function durationIssues(leaf: LeafNode, path: string): Issue[] {
  const { calc } = leaf;
  if (calc !== 'age' && calc !== 'unchanged' && calc !== 'timeIn') return [];
  const ofText = OF_TEXT.filter((word) => leaf[word] !== undefined).map((word) => ({
    path: `${path}.${word}`,
    message: `compares texts, but ${calc} is a duration: use a comparison such as gt: 5m`,
  }));
  if (ofText.length > 0) return ofText;
  return COMPARISONS.flatMap((word) => {
    const operands = [leaf[word] ?? []].flat();
    const wrong = operands.filter(
      (operand) =>
        typeof operand !== 'boolean' &&
        operand !== '*' &&
        (typeof operand !== 'string' || parseDuration(operand) === undefined),
    );
    return wrong.length === 0
      ? []
      : [{ path: `${path}.${word}`, message: `must be a duration such as 5m, because ${calc} is a duration` }];
  });
}

/** `ignoreCase` has no meaning for an order of texts, or for types. */
function caseIssues(leaf: LeafNode, path: string): Issue[] {
  if (leaf.ignoreCase === undefined) return [];
  const words = COMPARISONS.filter((word) => leaf[word] !== undefined);
  const others = words.filter((word) => !CASED.includes(word));
  if (words.length > 0 && others.length === 0) return [];
  const advice =
    others.length === 0 ? 'add one of them' : `remove it, or move ${others.join(' and ')} to another entry`;
  return [{ path: `${path}.ignoreCase`, message: `applies to ${CASED.join(', ')} only: ${advice}` }];
}
