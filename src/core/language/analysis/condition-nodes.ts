import { hasEvery } from '../../primitives/path.ts';
import { leavesOf, type LeafNode, type Node } from '../node.ts';
import { alwaysHolds, possible } from './possible-values.ts';

/**
 * The one property or calculation that a node tests; undefined if it tests several, or the elements of a list: each
 * comparison may hold for another one.
 */
export function subjectOf(node: Node): string | undefined {
  const leaves = leavesOf(node);
  if (leaves.some(({ property }) => property !== undefined && hasEvery(property))) return undefined;
  const subjects = leaves.map((leaf) => {
    const { calc, property, as, p, within, where, among, last, whenFull, minSamples, hold } = leaf;
    const value = as === undefined ? property : `${property} as ${as}`;
    if (calc === undefined) return value;
    const chosen = Object.entries({ where, among, last, whenFull, minSamples, hold }).flatMap(([word, each]) =>
      each === undefined ? [] : [`${word} ${JSON.stringify(each)}`],
    );
    return `${calc}(${[value, p, within, ...chosen].filter(Boolean).join(', ')})`;
  });
  const [first, ...others] = new Set(subjects);
  return others.length === 0 ? first : undefined;
}

/** The same text for the same condition, whatever the order of its keys. */
export function canonical(node: Node): string {
  return JSON.stringify(node, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

const haveOneSubject = (first: Node, second: Node): boolean =>
  subjectOf(first) !== undefined && subjectOf(first) === subjectOf(second);

/** Whether the second certainly holds whenever the first does. */
export function implies(first: Node, second: Node): boolean {
  if (canonical(first) === canonical(second)) return true;
  return haveOneSubject(first, second) && !possible([first, { not: second }]);
}

/** Whether one of them certainly holds, at least for numbers. */
export function coverAll(first: Node, second: Node): boolean {
  if (canonical(second) === canonical({ not: first })) return true;
  return haveOneSubject(first, second) && alwaysHolds([first, second]) !== undefined;
}

/** Every leaf, with its path. */
export function leavesWithPaths(node: Node, path: string): { leaf: LeafNode; path: string }[] {
  if ('all' in node) return node.all.flatMap((part, index) => leavesWithPaths(part, `${path}.all[${index}]`));
  if ('any' in node) return node.any.flatMap((part, index) => leavesWithPaths(part, `${path}.any[${index}]`));
  return 'not' in node ? leavesWithPaths(node.not, `${path}.not`) : [{ leaf: node, path }];
}
