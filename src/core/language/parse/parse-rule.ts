import Mustache from 'mustache';
import { compileMessages, namesOf } from '../../compilation/messages.ts';
import { COMPARISONS } from '../../model/rule/comparison-words.ts';
import { ruleSchema, type Evaluation, type Rule, type SequenceStep } from '../../model/rule/rule-schema.ts';
import { jsonBytes } from '../../primitives/text/bytes.ts';
import { VigilError } from '../../primitives/errors.ts';
import { LIMITS } from '../../primitives/limits.ts';
import { isPath } from '../../primitives/path.ts';
import { asStored } from '../../primitives/numbers/whole-number.ts';
import { comparisonIssues } from './comparison-issues.ts';
import { leavesWithPaths } from '../analysis/condition-nodes.ts';
import { elementIssues } from './element-issues.ts';
import { explainIssue, type Issue } from './explain-issue.ts';
import { measureIssues } from './measure-issues.ts';
import type { LeafNode, Node } from '../node.ts';
import { countOperands, operandIssues, sidesOf } from './operand-issues.ts';
import { clearsOf, havingsOf } from '../rule-conditions.ts';
import { rosterIssues, sizeIssues } from './rule-sizes.ts';
import { sequenceIssues } from './sequence-issues.ts';
import { putBack, withDoubles } from './whole-numbers.ts';
import { windowIssues } from './window-issues.ts';

/**
 * Validates an unknown value as a rule.
 * @throws VigilError RULE_INVALID with `fields.issues: Issue[]`, one for every problem found
 */
export function parseRule(value: unknown): Rule {
  const { rule, issues } = checkRule(value);
  if (rule === undefined) {
    const list = issues.map(({ path, message }) => `${path === '' ? 'rule' : path}: ${message}`).join('; ');
    throw new VigilError('RULE_INVALID', list, { issues });
  }
  return rule;
}

export function checkRule(value: unknown): { rule?: Rule; issues: Issue[] } {
  // Before any recursion: a hostile rule may be nested a million levels deep.
  if (depthOf(value) > MAX_JSON_DEPTH)
    return { issues: [{ path: '', message: `is nested deeper than ${MAX_JSON_DEPTH} levels` }] };
  const tooLarge = sizeProblem(value);
  if (tooLarge !== undefined) return { issues: [{ path: '', message: tooLarge }] };
  const { value: doubles, found } = withDoubles(value);
  const parsed = ruleSchema.safeParse(doubles, { reportInput: true });
  if (!parsed.success) return { issues: parsed.error.issues.flatMap((issue) => explainIssue(issue, WORDS)) };
  putBack(parsed.data, found, asStored);
  const issues = beyondShape(parsed.data);
  return issues.length > 0 ? { issues } : { rule: parsed.data, issues };
}

function sizeProblem(value: unknown): string | undefined {
  try {
    const bytes = jsonBytes(value);
    return bytes > LIMITS.ruleBytes ? `has ${bytes} bytes of JSON; the maximum is ${LIMITS.ruleBytes}` : undefined;
  } catch {
    // JSON cannot express a cycle, which YAML aliases can create.
    return 'contains a circular reference';
  }
}

/**
 * Each level of all/any/not adds two levels of JSON, in a condition and in the `where` of its leaves; the rest is for
 * the rule, its leaves and their operands.
 */
const MAX_JSON_DEPTH = 4 * LIMITS.conditionDepth + 12;

function depthOf(value: unknown): number {
  let depth = 0;
  let level: unknown[] = [value];
  const seen = new Set<unknown>();
  while (level.length > 0 && depth <= MAX_JSON_DEPTH) {
    level = level.flatMap((node) => {
      if (typeof node !== 'object' || node === null || seen.has(node)) return [];
      seen.add(node);
      return Object.values(node as Record<string, unknown>).filter(
        (child) => typeof child === 'object' && child !== null,
      );
    });
    depth += 1;
  }
  return depth;
}

const WORDS: readonly string[] = [
  ...Object.keys(ruleSchema.shape),
  ...COMPARISONS,
  'ignoreCase',
  ...['type', 'of', 'having', 'levels', 'steps', 'calc', 'property', 'within', 'as', 'all', 'any', 'not'],
  ...['times', 'strict', 'unless', 'where', 'among', 'minSamples', 'hold', 'p', 'last', 'whenFull'],
  ...['latest', 'step', 'default', 'plus', 'settings'],
  ...['after', 'then', 'timezone', 'days', 'from', 'to', 'open', 'except', 'onClose'],
];

/** Checks that the schema cannot express. */
function beyondShape(rule: Rule): Issue[] {
  const issues: Issue[] = [];
  const conditions: [string, unknown][] = [
    ...rule.where.map((entry, index): [string, unknown] => [`where[${index}]`, entry]),
    ...(rule.settings ?? []).map((entry, index): [string, unknown] => [`settings[${index}]`, entry]),
    ...(rule.forgetOn ?? []).map((entry, index): [string, unknown] => [`forgetOn[${index}]`, entry]),
    ...inSteps(rule),
    ...havingsOf(rule),
    ...clearsOf(rule),
  ];
  let leaves = 0;
  const all = [...conditions, ...conditions.flatMap(([path, node]) => choosingIn(node, path))];
  const inOperands = all.flatMap(([path, node]) => choosingOperands(node, path));
  for (const [path, node] of [...all, ...inOperands])
    issues.push(
      ...comparisonIssues(node as Node, path),
      ...windowIssues(node as Node, path),
      ...elementIssues(node as Node, path),
    );
  for (const [path, node] of [...all, ...inOperands])
    issues.push(...operandIssues(node as Node, path, stepsBefore(rule.evaluate, path)));
  for (const [path, node] of [...all, ...inOperands]) {
    const size = measure(node);
    leaves += size.leaves;
    if (size.depth > LIMITS.conditionDepth)
      issues.push({ path, message: `nests conditions ${size.depth} deep; the maximum is ${LIMITS.conditionDepth}` });
  }
  if (leaves > LIMITS.conditionLeaves)
    issues.push({
      path: 'evaluate',
      message: `the rule has ${leaves} conditions in total; the maximum is ${LIMITS.conditionLeaves}`,
    });

  issues.push(...evaluationIssues(rule.evaluate), ...measureIssues(rule));
  for (const word of ['message', 'resolvedMessage'] as const) {
    const template = templateProblem(rule[word] ?? '');
    if (template !== undefined) issues.push({ path: word, message: template });
  }
  const { eventPaths } = compileMessages(rule);
  if (eventPaths.length > LIMITS.messageProperties)
    issues.push({
      path: 'message',
      message: `names ${eventPaths.length} properties of the event; the maximum is ${LIMITS.messageProperties}`,
    });
  issues.push(...sizeIssues(rule));

  const known = new Set([...(rule.groupBy ?? []), ...(rule.partitionBy ?? [])]);
  rule.expect?.forEach((entry, index) => {
    for (const property of rule.partitionBy ?? []) {
      if (!Object.hasOwn(entry, property))
        issues.push({
          path: `expect[${index}].${property}`,
          message: 'is missing; an expected partition needs every property of partitionBy',
        });
    }
    for (const property of Object.keys(entry)) {
      if (!known.has(property))
        issues.push({ path: `expect[${index}].${property}`, message: 'is in neither partitionBy nor groupBy' });
    }
  });
  // Only a valid rule can be compiled.
  return issues.length > 0 ? issues : rosterIssues(rule);
}

function inSteps({ evaluate }: Rule): [string, unknown][] {
  if (evaluate.type !== 'sequence') return [];
  return evaluate.steps.flatMap((step, index) => inStep(step, `evaluate.steps[${index}]`));
}

function inStep(step: SequenceStep, path: string): [string, unknown][] {
  const of = (nodes: readonly unknown[], place: string): [string, unknown][] =>
    nodes.map((node, index) => [`${path}.${place}where[${index}]`, node]);
  const own = 'not' in step ? of(step.not.where, 'not.') : of(step.where, '');
  return [...own, ...of(step.unless?.where ?? [], 'unless.')];
}

function evaluationIssues(evaluate: Evaluation): Issue[] {
  if (evaluate.type === 'sequence') return sequenceIssues(evaluate);
  const severities = (evaluate.levels ?? []).map(({ severity }) => severity);
  const twice = severities.findIndex((severity, index) => severities.indexOf(severity) < index);
  return twice < 0
    ? []
    : [
        {
          path: `evaluate.levels[${twice}].severity`,
          message: `repeats ${String(severities[twice])}; each severity can have only one level`,
        },
      ];
}

function templateProblem(message: string): string | undefined {
  try {
    const name = namesOf(Mustache.parse(message)).find((each) => each !== '.' && !isPath(each));
    return name === undefined ? undefined : `uses {{${name}}}, which is not a valid property path`;
  } catch (error) {
    return `is not a valid Mustache template: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The predicates that choose the events of calculations, with their paths. */
const choosingIn = (node: unknown, path: string): [string, unknown][] =>
  leavesWithPaths(node as Node, path).flatMap(({ leaf, path: at }) =>
    (['where', 'among'] as const).flatMap((word) =>
      ((leaf[word] as unknown[] | undefined) ?? []).map((entry, index): [string, unknown] => [
        `${at}.${word}[${index}]`,
        entry,
      ]),
    ),
  );

/** The same of the calculations that are operands. */
const choosingOperands = (node: unknown, path: string): [string, unknown][] =>
  leavesWithPaths(node as Node, path)
    .flatMap(({ leaf, path: at }) => sidesOf(leaf, at))
    .flatMap(({ operand, path: at }) => choosingIn(operand, at));

/** The steps before the one that a path is in. */
function stepsBefore(evaluate: Evaluation, path: string): SequenceStep[] | undefined {
  const [, index] = /^evaluate\.steps\[(\d+)\]/.exec(path) ?? [];
  return index === undefined || evaluate.type !== 'sequence' ? undefined : evaluate.steps.slice(0, Number(index));
}

function measure(node: unknown): { depth: number; leaves: number } {
  const children = childrenOf(node);
  if (children.length === 0) return { depth: 0, leaves: 1 + countOperands(node as LeafNode) };
  const sizes = children.map(measure);
  return {
    depth: 1 + Math.max(...sizes.map(({ depth }) => depth)),
    leaves: sizes.reduce((sum, { leaves }) => sum + leaves, 0),
  };
}

function childrenOf(node: unknown): unknown[] {
  const { all, any, not } = node as { all?: unknown[]; any?: unknown[]; not?: unknown };
  return all ?? any ?? (not === undefined ? [] : [not]);
}
