import { leavesWithPaths } from './condition-nodes.ts';
import { parseDuration } from '../../primitives/text/duration.ts';
import type { Issue } from '../parse/explain-issue.ts';
import type { LeafNode } from '../node.ts';
import { possible } from './possible-values.ts';
import { clearsOf, havingsOf } from '../rule-conditions.ts';
import { isMeasuring } from '../../model/rule/measuring.ts';
import type { Rule } from '../../model/rule/rule-schema.ts';

/* Durations of one rule that defeat each other. */

const milliseconds = (text: string | undefined): number => parseDuration(text ?? '0s') ?? 0;

/** Windows that are shorter than the heartbeat, and ages that no live partition reaches. */
export function inDurations(rule: Rule): Issue[] {
  return [...havingsOf(rule), ...clearsOf(rule)]
    .flatMap(([path, node]) => leavesWithPaths(node, path))
    .flatMap(({ leaf, path }) => [...inWindow(rule, leaf, path), ...inAge(rule, leaf, path)]);
}

function inWindow({ heartbeat }: Rule, { within }: LeafNode, path: string): Issue[] {
  if (within === undefined || heartbeat === undefined || milliseconds(within) >= milliseconds(heartbeat)) return [];
  return [
    {
      path: `${path}.within`,
      message: `is shorter than heartbeat (${heartbeat}): each heartbeat covers only the last ${within}`,
    },
  ];
}

function inAge({ staleAfter }: Rule, leaf: LeafNode, path: string): Issue[] {
  if (leaf.calc !== 'age' || leaf.where !== undefined || staleAfter === undefined) return [];
  if (!possible([leaf]) || possible([leaf, { calc: 'age', lt: staleAfter }])) return [];
  return [
    {
      path,
      message: `can never hold: a partition stops being live when its newest event is ${staleAfter} old (staleAfter)`,
    },
  ];
}

/** A `backfill` that does not reach back as far as the rule looks. */
export function inBackfill(rule: Rule): Issue[] {
  const { backfill, evaluate } = rule;
  if (backfill === undefined) return [];
  const leaves = [...havingsOf(rule), ...clearsOf(rule)].flatMap(([path, node]) => leavesWithPaths(node, path));
  const levels = 'levels' in evaluate ? (evaluate.levels ?? []) : [];
  const spans: [path: string, text: string | undefined][] = [
    ['for', rule.for],
    ...levels.map((level, index): [string, string | undefined] => [`evaluate.levels[${index}].for`, level.for]),
    ...leaves.flatMap(({ leaf, path }): [string, string | undefined][] => [
      [`${path}.within`, leaf.within],
      [`${path}.for`, leaf.for],
    ]),
  ];
  const longest = spans.reduce((a, b) => (milliseconds(b[1]) > milliseconds(a[1]) ? b : a), ['', undefined]);
  if (milliseconds(longest[1]) <= milliseconds(backfill)) return [];
  return [
    {
      path: 'backfill',
      message: `is shorter than ${longest[0]} (${longest[1] ?? ''}): when the rule starts, it does not know that far back`,
    },
  ];
}

/** A `noData` that is too late to resolve anything. */
export function inSilence({ noData, staleAfter, keepFiringFor, evaluate }: Rule): Issue[] {
  if (noData?.then !== 'resolve' || staleAfter === undefined) return [];
  // Without live partitions a count compares 0, and may go on firing; a value of the set is unknown.
  if (evaluate.type === 'count' || isMeasuring(evaluate)) return [];
  if (evaluate.type === 'percent' && evaluate.of === 'expected') return [];
  if (milliseconds(noData.after) <= milliseconds(staleAfter) + milliseconds(keepFiringFor)) return [];
  return [
    {
      path: 'noData.after',
      message: `is too late to resolve anything: staleAfter (${staleAfter}) resolves alerts first`,
    },
  ];
}
