import { hasEvery } from '../../primitives/path.ts';
import { leavesWithPaths } from '../analysis/condition-nodes.ts';
import type { Issue } from './explain-issue.ts';
import type { LeafNode, Node } from '../node.ts';
import { sidesOf } from './operand-issues.ts';

/** `[*]` where one value is needed: the schema cannot express it, because `latest` shares its shape. */
export function elementIssues(node: Node, path: string): Issue[] {
  // The calculation of a value of the set.
  if (path === 'evaluate.of')
    return inValue(node as LeafNode, path, 'the value of the set needs one value of a partition');
  return leavesWithPaths(node, path).flatMap(({ leaf, path: at }) => [
    ...(leaf.calc === 'unchanged' ? inValue(leaf, at, 'unchanged needs one value') : []),
    ...sidesOf(leaf, at).flatMap(({ operand, path: side }) =>
      'calc' in operand ? inValue(operand as LeafNode, side, 'a right side is one value') : [],
    ),
  ]);
}

function inValue({ property = '' }: LeafNode, path: string, why: string): Issue[] {
  if (!hasEvery(property)) return [];
  const one = property.replaceAll('[*]', '[0]');
  return [
    {
      path: `${path}.property`,
      message: `${why}, but ${property} stands for every element of a list: name one, such as ${one}`,
    },
  ];
}
