import { hasOwnTimes } from '../../compilation/levels.ts';
import { COMPARISONS } from '../../model/rule/comparison-words.ts';
import type { Comparison } from '../../model/rule/condition-schema.ts';
import { conditionsOf, isMeasuring } from '../../model/rule/measuring.ts';
import type { Rule } from '../../model/rule/rule-schema.ts';
import { SEVERITY_ORDER, type Severity } from '../../model/alert/severity.ts';
import { canonical, coverAll, implies } from './condition-nodes.ts';
import type { Issue } from '../parse/explain-issue.ts';
import { measuredNode } from '../parse/measure-issues.ts';
import type { Node } from '../node.ts';

/* Conditions of one rule that defeat each other, and bounds that a count can never reach. */

/** A `clear` without effect, or the wrong way round. */
export function inClear({ clear, evaluate }: Rule): Issue[] {
  if (evaluate.type === 'sequence')
    return clear === undefined ? [] : [{ path: 'clear', message: 'has no effect: sequences do not use clear' }];
  const { having, levels = [] } = conditionsOf(evaluate);
  const others = levels.filter((level) => level.clear === undefined).map((level) => level.having);
  if (clear !== undefined && levels.length > 0 && others.length === 0)
    return [{ path: 'clear', message: 'has no effect: every level has its own' }];
  return [
    ...(clear === undefined ? [] : inOneClear('clear', clear, having === undefined ? others : [having])),
    ...levels.flatMap((level, index) =>
      level.clear === undefined ? [] : inOneClear(`evaluate.levels[${index}].clear`, level.clear, [level.having]),
    ),
  ];
}

function inOneClear(path: string, clear: Node, conditions: readonly Node[]): Issue[] {
  if (conditions.every((condition) => coverAll(condition, clear)))
    return [{ path, message: 'has no effect: it holds whenever the condition does not' }];
  if (!conditions.every((condition) => implies(condition, clear))) return [];
  return [{ path, message: 'is probably reversed: it holds whenever the condition does' }];
}

/** Times of the rule that no level uses. */
export function inLevelTimes(rule: Rule): Issue[] {
  const levels = levelWords(rule.evaluate);
  return (['for', 'keepFiringFor'] as const).flatMap((word) =>
    rule[word] !== undefined && levels.length > 0 && levels.every((level) => level[word] !== undefined)
      ? [{ path: word, message: 'has no effect: every level has its own' }]
      : [],
  );
}

const levelWords = (evaluate: Rule['evaluate']): readonly Pick<Rule, 'for' | 'keepFiringFor'>[] =>
  evaluate.type === 'sequence' ? [] : (evaluate.levels ?? []);

interface Level {
  severity: Severity;
  having: Node;
  path: string;
}

/** With the value of the set as the subject, where levels compare one. */
function levelsOf(evaluate: Rule['evaluate']): Omit<Level, 'path'>[] {
  if (!isMeasuring(evaluate)) return conditionsOf(evaluate).levels ?? [];
  return (evaluate.levels ?? []).map((level) => ({ severity: level.severity, having: measuredNode(evaluate, level) }));
}

/** Duplicate levels, and levels that are never the highest. With their own times, they may well be. */
export function inLevels(rule: Rule): Issue[] {
  if (hasOwnTimes(rule)) return [];
  const { evaluate } = rule;
  const levels = levelsOf(evaluate).map((level, index): Level => ({ ...level, path: `evaluate.levels[${index}]` }));
  const repeated = levels.flatMap(({ having, path }, index) => {
    const first = levels.slice(0, index).find((level) => canonical(level.having) === canonical(having));
    const part = isMeasuring(evaluate) ? '' : '.having';
    return first === undefined ? [] : [{ path: path + part, message: `repeats ${first.path}${part}` }];
  });
  if (repeated.length > 0) return repeated;
  const direction = directionOf(evaluate);
  return levels.flatMap((low) => {
    const above = levels.filter((high) => SEVERITY_ORDER[high.severity] > SEVERITY_ORDER[low.severity]);
    const covering = above.find(
      (high) =>
        (direction === 'more' && implies(low.having, high.having)) ||
        (direction === 'fewer' && implies(high.having, low.having)),
    );
    if (covering === undefined) return [];
    return [
      {
        path: low.path,
        message: `never takes effect: whenever it holds, ${covering.severity} (${covering.path}) holds too`,
      },
    ];
  });
}

/** Whether more or fewer satisfying partitions make an evaluation true; undefined if neither. */
function directionOf(evaluate: Rule['evaluate']): 'more' | 'fewer' | undefined {
  if (evaluate.type === 'none') return 'fewer';
  if (evaluate.type !== 'count' && evaluate.type !== 'percent') return 'more';
  const words = COMPARISONS.filter((word) => Object.hasOwn(evaluate, word));
  if (words.every((word) => word === 'gt' || word === 'gte')) return 'more';
  return words.every((word) => word === 'lt' || word === 'lte') ? 'fewer' : undefined;
}

const MOST_PERCENT = 100;

/** Bounds that a number or percentage of partitions can never reach. */
export function inBounds({ evaluate }: Rule): Issue[] {
  if (evaluate.type !== 'count' && evaluate.type !== 'percent') return [];
  const { type } = evaluate;
  const most = type === 'percent' ? MOST_PERCENT : Infinity;
  return COMPARISONS.flatMap((word) => {
    const operands = [(evaluate as Comparison)[word] ?? []].flat();
    const numbers = operands.filter((operand): operand is number => typeof operand === 'number');
    const beyond = numbers.find((operand) => operand < 0 || operand > most);
    if (beyond === undefined) return [];
    return [
      {
        path: `evaluate.${word}`,
        message: `${beyond} is out of range: ${type === 'percent' ? 'a percentage is between 0 and 100' : 'a number of partitions is at least 0'}`,
      },
    ];
  });
}
