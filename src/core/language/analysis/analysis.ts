import { compileRule } from '../../compilation/compile-rule.ts';
import type { Comparison } from '../../model/rule/condition-schema.ts';
import type { Rule } from '../../model/rule/rule-schema.ts';
import { canonical, subjectOf } from './condition-nodes.ts';
import { inBounds, inClear, inLevels, inLevelTimes } from './evaluation-analysis.ts';
import type { Issue } from '../parse/explain-issue.ts';
import { comparisonOf, hasComparison } from '../../model/rule/comparison-words.ts';
import { isMeasuring } from '../../model/rule/measuring.ts';
import { measuredNode } from '../parse/measure-issues.ts';
import type { LeafNode, Node } from '../node.ts';
import { alwaysHolds, possible } from './possible-values.ts';
import { inSchedule } from './schedule-analysis.ts';
import { inSequence } from './sequence-analysis.ts';
import { inBackfill, inDurations, inSilence } from './time-analysis.ts';
import { writeForOthers } from '../../primitives/text/write-json.ts';
import { boundOf, inWindows } from './window-analysis.ts';

/**
 * Warnings about a valid rule: conditions that never or always hold, duplicates, and settings that defeat each other.
 * The rule still runs. Nothing is reported that may be intended.
 */
export function analyseRule(rule: Rule): Issue[] {
  const { type, having, levels = [], steps = [], ...comparison } = rule.evaluate as Evaluated;
  const subject = COUNTED[type];
  const { clear } = rule as { clear?: Node };
  return [
    ...inList('all', rule.where, 'where'),
    ...inSettings(rule),
    ...inList('all', rule.forgetOn ?? [], 'forgetOn'),
    ...(having === undefined ? [] : inNode(having, 'evaluate.having')),
    ...orElse(
      levels.flatMap((level, index) => {
        const path = `evaluate.levels[${index}]`;
        return [
          ...(level.having === undefined ? inValue(rule, level, path) : inNode(level.having, `${path}.having`)),
          ...(level.clear === undefined ? [] : inNode(level.clear, `${path}.clear`)),
        ];
      }),
      () => inLevels(rule),
    ),
    ...inValue(rule, comparison, 'evaluate'),
    ...steps.flatMap(({ where, not, unless }, index) => {
      const path = `evaluate.steps[${index}]`;
      return [
        ...inList('all', where ?? [], `${path}.where`),
        ...inList('all', not?.where ?? [], `${path}.not.where`),
        ...inList('all', unless?.where ?? [], `${path}.unless.where`),
      ];
    }),
    ...inSequence(rule),
    ...orElse(subject === undefined ? [] : inNode({ calc: subject, ...comparison }, 'evaluate'), () => inBounds(rule)),
    ...orElse(clear === undefined ? [] : inNode(clear, 'clear'), () => inClear(rule)),
    ...inLevelTimes(rule),
    ...inDurations(rule),
    ...inWindows(rule),
    ...inSilence(rule),
    ...inBackfill(rule),
    ...inSchedule(rule),
  ];
}

/** A comparison of the value of the set. */
function inValue({ evaluate }: Rule, comparison: Comparison, path: string): Issue[] {
  if (!isMeasuring(evaluate) || !hasComparison(comparison)) return [];
  return inNode(measuredNode(evaluate, comparison), path);
}

/** Reports interactions only when each condition by itself is fine. */
const orElse = (issues: Issue[], others: () => Issue[]): Issue[] => (issues.length > 0 ? issues : others());

/** Settings without an operand that reads what they bring only keep events out. */
function inSettings(rule: Rule): Issue[] {
  const { settings, evaluate } = rule;
  if (settings === undefined) return [];
  const issues = inList('all', settings, 'settings');
  if (issues.length > 0 || evaluate.type === 'sequence' || compileRule(rule).settings?.slots.length !== 0)
    return issues;
  return [{ path: 'settings', message: 'bring nothing: no comparison reads the latest value of a property' }];
}

/** The subject of an evaluation's comparison. */
const COUNTED: Readonly<Record<string, string>> = { count: 'partitions that satisfy', percent: 'percent that satisfy' };

interface Evaluated extends Comparison {
  type: string;
  having?: Node;
  levels?: ({ having?: Node; clear?: Node } & Comparison)[];
  steps?: { where?: Node[]; not?: { where: Node[] }; unless?: { where: Node[] } }[];
}

function inNode(node: Node, path: string): Issue[] {
  if ('all' in node) return inList('all', node.all, `${path}.all`);
  if ('any' in node) return inList('any', node.any, `${path}.any`);
  if ('not' in node) return inNode(node.not, `${path}.not`);
  if (!possible([node]))
    return [{ path, message: `can never hold: no value satisfies ${wordsOf(node)}${boundOf(node)}` }];
  const always = alwaysHolds([node]);
  return always === undefined
    ? []
    : [{ path, message: `${always}: ${wordsOf(node)} excludes nothing${boundOf(node)}` }];
}

/** Entries first: a problem of one entry is not reported again for the list. */
function inList(kind: 'all' | 'any', nodes: readonly Node[], path: string): Issue[] {
  const inEntries = nodes.flatMap((node, index) => inNode(node, `${path}[${index}]`));
  const texts = nodes.map(canonical);
  const repeated = texts.flatMap((text, index) => {
    const first = texts.indexOf(text);
    return first === index ? [] : [{ path: `${path}[${index}]`, message: `repeats ${path}[${first}]` }];
  });
  if (inEntries.length + repeated.length > 0) return [...inEntries, ...repeated];

  const subjects = nodes.map(subjectOf);
  return [...new Set(subjects)].flatMap((subject) => {
    const group = nodes.filter((_node, index) => subjects[index] === subject);
    if (subject === undefined || group.length < 2) return [];
    if (kind === 'all')
      return possible(group)
        ? []
        : [{ path, message: `can never hold: the conditions on ${subject} exclude each other` }];
    const always = alwaysHolds(group);
    return always === undefined ? [] : [{ path, message: `${always}: the conditions on ${subject} exclude nothing` }];
  });
}

function wordsOf(leaf: LeafNode): string {
  return Object.entries(comparisonOf(leaf))
    .map(([word, operand]) => `${word} ${writeForOthers(operand)}`)
    .join(' and ');
}
