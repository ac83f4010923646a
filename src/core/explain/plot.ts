import { compileRule } from '../compilation/compile-rule.ts';
import { comparisonOf } from '../model/rule/comparison-words.ts';
import type { Calculation, Condition } from '../model/rule/condition-schema.ts';
import { conditionsOf } from '../model/rule/measuring.ts';
import type { Rule } from '../model/rule/rule-schema.ts';
import type { VigilEvent } from '../model/event/event.ts';
import type { Severity } from '../model/alert/severity.ts';
import { getter } from '../primitives/path.ts';
import { type Scalar, scalarText } from '../primitives/value.ts';

/** Calculations whose results have the scale of the values themselves, so that a threshold can be drawn among these. */
const PLOTTED = ['latest', 'avg', 'min', 'max', 'percentile'] as const;

export interface Threshold {
  word: string;
  value: number;
  severity: Severity;
}

/** The property of events that a rule compares with numbers, and these. */
export interface Plot {
  property: string;
  calc: (typeof PLOTTED)[number];
  thresholds: Threshold[];
}

/** What of the rule can be drawn: its first condition on numbers, at each level; null if it has none. */
export function plotOf(rule: Rule): Plot | null {
  const { having, levels = [] } = conditionsOf(rule.evaluate);
  const severity = rule.severity ?? 'warning';
  const all = [...(having === undefined ? [] : [{ severity, having }]), ...levels].flatMap((level) =>
    leavesOf(level.having).map((leaf) => ({ leaf, severity: level.severity })),
  );
  const drawn = all.flatMap(({ leaf, severity: each }) =>
    isPlotted(leaf) ? thresholdsOf(leaf).map((one) => ({ leaf, threshold: { ...one, severity: each } })) : [],
  );
  const [first] = drawn;
  if (first === undefined) return null;
  const { property, calc } = first.leaf;
  const own = drawn.filter(({ leaf }) => leaf.property === property && leaf.calc === calc);
  return { property, calc, thresholds: own.map(({ threshold }) => threshold) };
}

type PlottedLeaf = Calculation & { calc: Plot['calc']; property: string };

const isPlotted = (leaf: Calculation): leaf is PlottedLeaf => (PLOTTED as readonly string[]).includes(leaf.calc);

function leavesOf(node: Condition): Calculation[] {
  if ('calc' in node) return [node];
  if ('not' in node) return leavesOf(node.not);
  return ('all' in node ? node.all : node.any).flatMap(leavesOf);
}

const thresholdsOf = (leaf: PlottedLeaf): Omit<Threshold, 'severity'>[] =>
  Object.entries(comparisonOf(leaf)).flatMap(([word, side]) =>
    [side].flat().flatMap((value) => (typeof value === 'number' ? [{ word, value }] : [])),
  );

interface Place {
  group: Readonly<Record<string, Scalar>>;
  partition: Readonly<Record<string, Scalar>>;
}

/** Reads the drawn value of an event; null if the event is not one of this group and partition, or has no number there. */
export function plotReader(
  rule: Rule,
  { property }: Plot,
  { group, partition }: Place,
): (event: VigilEvent) => number | null {
  const { matches, groupOf, partitionOf } = compileRule(rule);
  const read = getter(property);
  const isOf = (values: Scalar[] | undefined, properties: readonly string[] = [], key: Place['group']): boolean =>
    values !== undefined && properties.every((name, index) => textOf(values[index]) === textOf(key[name]));
  return ({ data }) => {
    if (!matches(data)) return null;
    if (!isOf(groupOf(data), rule.groupBy, group) || !isOf(partitionOf(data), rule.partitionBy, partition)) return null;
    const value = read(data);
    const number = typeof value === 'bigint' || typeof value === 'string' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) && value !== '' ? number : null;
  };
}

const textOf = (value: Scalar | undefined): string | undefined => (value === undefined ? value : scalarText(value));

export interface Point {
  atMs: number;
  value: number;
}

/** At most so many points, in the order of their times: of neighbours, those with the least and the greatest value. */
export function fewerPoints(points: readonly Point[], most: number): Point[] {
  const sorted = points.toSorted((a, b) => a.atMs - b.atMs);
  if (sorted.length <= most) return sorted;
  const size = Math.ceil(sorted.length / Math.floor(most / 2));
  const kept: Point[] = [];
  for (let first = 0; first < sorted.length; first += size) {
    const some = sorted.slice(first, first + size);
    const least = some.reduce((a, b) => (b.value < a.value ? b : a));
    const greatest = some.reduce((a, b) => (b.value > a.value ? b : a));
    kept.push(...new Set([least, greatest].sort((a, b) => a.atMs - b.atMs)));
  }
  return kept;
}
