import { LIMITS } from '../../primitives/limits.ts';
import { isMeasuring } from '../../model/rule/measuring.ts';
import type { Rule } from '../../model/rule/rule-schema.ts';
import { leavesWithPaths } from './condition-nodes.ts';
import type { Issue } from '../parse/explain-issue.ts';
import type { LeafNode, Node } from '../node.ts';
import { possible } from './possible-values.ts';
import { clearsOf, havingsOf } from '../rule-conditions.ts';

/* Warnings about windows: values that silence or a start brings about, and windows that are never what a word needs. */

export function inWindows(rule: Rule): Issue[] {
  const beginning = isMeasuring(rule.evaluate) ? [] : havingsOf(rule);
  const ending = clearsOf(rule);
  return [
    ...beginning.flatMap(([path, node]) => leavesThatBegin(node, path)).flatMap(inFew),
    ...[...beginning, ...ending].flatMap(([path, node]) => leavesWithPaths(node, path)).flatMap(inSamples),
  ];
}

interface Placed {
  leaf: LeafNode;
  path: string;
}

/** A low count under `not` ends an alert: only the others begin one. */
function leavesThatBegin(node: Node, path: string, isNegated = false): Placed[] {
  if ('all' in node) return node.all.flatMap((part, at) => leavesThatBegin(part, `${path}.all[${at}]`, isNegated));
  if ('any' in node) return node.any.flatMap((part, at) => leavesThatBegin(part, `${path}.any[${at}]`, isNegated));
  if ('not' in node) return leavesThatBegin(node.not, `${path}.not`, !isNegated);
  return isNegated ? [] : [{ leaf: node, path }];
}

/** Every partition has few events when it starts. */
function inFew({ leaf, path }: Placed): Issue[] {
  const { calc, lt, lte, whenFull, last } = leaf;
  if ((calc !== 'count' && calc !== 'rate') || (lt === undefined && lte === undefined) || whenFull === true) return [];
  if (!possible([leaf])) return [];
  const until = last === undefined ? 'within has passed' : 'the window is full';
  return [
    {
      path,
      message: `holds as soon as a partition has its first event: add whenFull: true to wait until ${until}`,
    },
  ];
}

/** More samples than a window can have. */
function inSamples({ leaf, path }: Placed): Issue[] {
  const { last, minSamples } = leaf;
  if (last === undefined || minSamples === undefined || minSamples <= last) return [];
  return [
    {
      path: `${path}.minSamples`,
      message: `can never be reached: the window has at most ${last} events (last), so the value is always unknown`,
    },
  ];
}

/** Why no value is above a bound, as a part of a sentence; empty if there is no such reason. */
export function boundOf({ calc, last, within }: LeafNode): string {
  if (last !== undefined && (calc === 'count' || calc === 'changes' || calc === 'distinct'))
    return `; ${calc} is at most ${last} (last)`;
  return calc === 'distinct' && within !== undefined ? `; distinct counts at most ${LIMITS.distinctValues} values` : '';
}
