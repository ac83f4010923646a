import { leavesWithPaths } from './condition-nodes.ts';
import { parseDuration } from '../primitives/duration.ts';
import type { RuleIssue } from './parse-rule.ts';
import { possible, type Leaf, type Node } from './possible-values.ts';
import type { Rule } from '../model/rule-schema.ts';

/* Where durations of one rule get into each other's way. */

const milliseconds = (text: string | undefined): number => parseDuration(text ?? '0s') ?? 0;

/** What hangs on a calculation's duration: windows that heartbeats outrun, ages that no live partition reaches. */
export function inDurations(rule: Rule): RuleIssue[] {
  return conditionsOf(rule)
    .flatMap(([path, node]) => leavesWithPaths(node, path))
    .flatMap(({ leaf, path }) => [...inWindow(rule, leaf, path), ...inAge(rule, leaf, path)]);
}

function inWindow({ heartbeat }: Rule, { within }: Leaf, path: string): RuleIssue[] {
  if (within === undefined || heartbeat === undefined || milliseconds(within) >= milliseconds(heartbeat)) return [];
  return [
    {
      path: `${path}.within`,
      message: `is shorter than heartbeat (${heartbeat}): a heartbeat tells nothing of what came before these ${within}`,
    },
  ];
}

function inAge({ staleAfter }: Rule, leaf: Leaf, path: string): RuleIssue[] {
  if (leaf.calc !== 'age' || staleAfter === undefined) return [];
  if (!possible([leaf]) || possible([leaf, { calc: 'age', lt: staleAfter }])) return [];
  return [
    {
      path,
      message: `can never hold: a partition is no longer live when its newest event is ${staleAfter} old (staleAfter)`,
    },
  ];
}

/** Silence that nothing is left to resolve for. */
export function inSilence({ noData, staleAfter, keepFiringFor, evaluate }: Rule): RuleIssue[] {
  if (noData?.then !== 'resolve' || staleAfter === undefined) return [];
  // Without live partitions a count compares 0, and may go on firing.
  if (evaluate.type === 'count') return [];
  if (milliseconds(noData.after) <= milliseconds(staleAfter) + milliseconds(keepFiringFor)) return [];
  return [
    {
      path: 'noData.after',
      message: `comes too late to resolve anything: what fires is resolved by staleAfter (${staleAfter}) before`,
    },
  ];
}

function conditionsOf({ evaluate, clear }: Rule): [path: string, node: Node][] {
  const cleared: [string, Node][] = clear === undefined ? [] : [['clear', clear]];
  if (evaluate.type === 'sequence') return cleared;
  const having: [string, Node][] = evaluate.having === undefined ? [] : [['evaluate.having', evaluate.having]];
  const levels = (evaluate.levels ?? []).map((level, index): [string, Node] => [
    `evaluate.levels[${index}].having`,
    level.having,
  ]);
  return [...having, ...levels, ...cleared];
}
