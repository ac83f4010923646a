import { windowMs } from '../compilation/conditions/leaf.ts';
import { conditionText } from '../language/condition-text.ts';
import type { Severity } from '../model/alert/severity.ts';
import { comparisonOf, isCompared } from '../model/rule/comparison-words.ts';
import type { Calculation, Condition } from '../model/rule/condition-schema.ts';
import { conditionsOf, isMeasuring, type Measuring } from '../model/rule/measuring.ts';
import type { Rule } from '../model/rule/rule-schema.ts';
import { partitionKey } from '../partition-set/partition-index.ts';
import { isLive, type PartitionSet } from '../partition-set/partition-set.ts';
import { calculate } from '../partition-set/values/calculate.ts';
import { inDouble } from '../primitives/numbers/whole-number.ts';
import type { Scalar } from '../primitives/value.ts';
import { asSample } from '../windows/accumulators.ts';

/** Calculations whose results are numbers, and need no more of the past than their window. */
const PLOTTED = [
  ...(['latest', 'avg', 'min', 'max', 'percentile', 'sum', 'count', 'rate', 'ratio', 'distinct', 'changes'] as const),
  ...(['delta', 'deltaPercent', 'increase', 'range', 'stddev'] as const),
];

interface Threshold {
  word: string;
  value: number;
  severity: Severity;
}

/** A calculation that a rule compares with numbers, and these. */
export interface Plot {
  /** Null: it counts events. */
  property: string | null;
  calc: string;
  /** The calculation in words, such as `avg(celsius, 5m)`. */
  text: string;
  thresholds: Threshold[];
  /** The first condition with the calculation; null: `evaluate` puts the values of all partitions together. */
  node: Calculation | null;
  /** So long before a time its value may depend on events; Infinity: on a number of them. */
  windowMs: number;
}

/** What of the rule can be drawn: its first calculation that it compares with numbers, at each level; null if it has none. */
export function plotOf(rule: Rule): Plot | null {
  const { evaluate, severity = 'warning' } = rule;
  if (isMeasuring(evaluate)) return plotOfMeasure(evaluate, severity);
  const { having, levels = [] } = conditionsOf(evaluate);
  const all = [...(having === undefined ? [] : [{ severity, having }]), ...levels].flatMap((level) =>
    leavesOf(level.having).map((node) => ({ node, text: textOf(node), severity: level.severity })),
  );
  const drawn = all.filter(({ node }) => isPlotted(node) && thresholdsOf(node, severity).length > 0);
  const [first] = drawn;
  if (first === undefined) return null;
  const own = drawn.filter(({ text }) => text === first.text);
  return {
    ...aboutCalculation(first.node),
    text: first.text,
    thresholds: own.flatMap(({ node, severity: each }) => thresholdsOf(node, each)),
    node: first.node,
  };
}

function plotOfMeasure(evaluate: Measuring, severity: Severity): Plot | null {
  const node = evaluate.of as Calculation;
  if (!isPlotted(node)) return null;
  const levels = evaluate.levels ?? [{ severity, ...comparisonOf(evaluate) }];
  const thresholds = levels.flatMap((level) => thresholdsOf(level, level.severity));
  const text = `${evaluate.type} of ${textOf(node)}`;
  return { ...aboutCalculation(node), text, thresholds, node: null };
}

const isPlotted = ({ calc }: Calculation): boolean => (PLOTTED as readonly string[]).includes(calc);

const aboutCalculation = (node: Calculation): Pick<Plot, 'property' | 'calc' | 'windowMs'> => ({
  property: 'property' in node ? node.property : null,
  calc: node.calc,
  windowMs: windowMs(node),
});

/** A calculation without its comparison. */
const textOf = (node: Calculation): string =>
  conditionText(
    Object.fromEntries(Object.entries(node).filter(([word]) => !isCompared(word) && word !== 'for')) as Calculation,
  );

function leavesOf(node: Condition): Calculation[] {
  if ('calc' in node) return [node];
  if ('not' in node) return leavesOf(node.not);
  return ('all' in node ? node.all : node.any).flatMap(leavesOf);
}

const thresholdsOf = (compared: object, severity: Severity): Threshold[] =>
  Object.entries(comparisonOf(compared)).flatMap(([word, side]: [string, unknown]) =>
    [side].flat().flatMap((value) => (typeof value === 'number' ? [{ word, value, severity }] : [])),
  );

/** A value of the calculation; null while it has none. */
export interface Point {
  atMs: number;
  value: number | null;
}

/** The value as of the set's clock; of `latest`, with the time of the event that brought it. */
export function plotted(set: PartitionSet, { node }: Plot, partition: readonly Scalar[]): Point {
  const { now: atMs } = set.state;
  if (node === null) return { atMs, value: numberOf(set.across?.valueAt(atMs)) };
  const entry = set.index.get(partitionKey(partition));
  const leaf = set.rule.leaves.find((each) => each.node === node);
  if (entry === undefined || leaf === undefined || !isLive(entry.partition)) return { atMs, value: null };
  const { value, store } = calculate(set, entry, leaf);
  const sample = set.rule.slots[leaf.slot]?.kind === 'latest' ? asSample(store) : null;
  return { atMs: sample?.[0] ?? atMs, value: numberOf(value) };
}

function numberOf(value: unknown): number | null {
  const number = inDouble(value);
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/**
 * At most so many points, in the order of their times: of neighbours, those with the least and the greatest value, and one
 * of those without.
 */
export function fewerPoints(points: readonly Point[], most: number): Point[] {
  const sorted = points.toSorted((a, b) => a.atMs - b.atMs);
  if (sorted.length <= most) return sorted;
  const size = Math.ceil(sorted.length / Math.floor(most / 3));
  const kept: Point[] = [];
  for (let first = 0; first < sorted.length; first += size) {
    const some = sorted.slice(first, first + size);
    const known = some.filter(({ value }) => value !== null).toSorted((a, b) => Number(a.value) - Number(b.value));
    const chosen = [known[0], known.at(-1), some.find(({ value }) => value === null)];
    kept.push(...new Set(chosen.filter((each) => each !== undefined).sort((a, b) => a.atMs - b.atMs)));
  }
  return kept;
}
