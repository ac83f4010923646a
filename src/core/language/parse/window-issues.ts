import { leavesWithPaths } from '../analysis/condition-nodes.ts';
import type { Issue } from './explain-issue.ts';
import type { LeafNode, Node } from '../node.ts';
import { sidesOf } from './operand-issues.ts';

/** Windows that a calculation cannot have: the schema cannot express it. */
export function windowIssues(node: Node, path: string): Issue[] {
  return leavesWithPaths(node, path).flatMap(({ leaf, path: at }) => [
    ...ofCalculation(leaf, at),
    ...sidesOf(leaf, at).flatMap(({ operand, path: side }) => ofCalculation(operand as LeafNode, side)),
  ]);
}

const WITHOUT_WINDOW: readonly (string | undefined)[] = ['latest', 'unchanged', 'age', 'flapping', undefined];

function ofCalculation({ calc, within, last, hold }: LeafNode, path: string): Issue[] {
  if (WITHOUT_WINDOW.includes(calc)) return [];
  if (calc === 'rate' && last !== undefined)
    return [{ path: `${path}.last`, message: 'does not apply to rate, which is per second of within: use count' }];
  if (hold === true && last !== undefined)
    return [{ path: `${path}.last`, message: 'does not apply beside hold, which weighs values by their time' }];
  if (within === undefined && last === undefined)
    return [
      {
        path: `${path}.within`,
        message:
          calc === 'rate'
            ? 'is missing; it must be a duration such as 10m'
            : 'is missing; it must be a duration such as 10m, or use last: the newest so many events',
      },
    ];
  return [];
}
