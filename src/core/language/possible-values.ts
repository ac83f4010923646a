import { ANY_VALUE, compileComparison } from '../compilation/predicate.ts';
import { COMPARISONS, type Comparison } from '../model/condition-schema.ts';
import { parseDuration } from '../primitives/duration.ts';

/*
 * Whether any value, or every value, satisfies conditions on one subject: decided by testing representative values.
 */

/** A leaf of a predicate or of a condition. */
export interface Leaf extends Comparison {
  property?: string;
  calc?: string;
  within?: string;
  for?: string | undefined;
  p?: number;
  minSamples?: number | undefined;
  where?: unknown;
  among?: unknown;
}

export type Node = { all: Node[] } | { any: Node[] } | { not: Node } | Leaf;

/** The values that a calculation can have; a calculation that is not listed can have any. */
interface Domain {
  low: number;
  high: number;
  whole?: true;
  /** It may be missing. */
  absent?: true;
}

const UNBOUNDED: Domain = { low: -Infinity, high: Infinity, absent: true };
const COUNTED: Domain = { low: 0, high: Infinity, whole: true };
const DURATION: Domain = { low: 0, high: Infinity, whole: true, absent: true };
const POSITIVE: Domain = { low: 0, high: Infinity, absent: true };
const DOMAINS: Readonly<Record<string, Domain>> = {
  ...{
    count: COUNTED,
    changes: COUNTED,
    distinct: COUNTED,
    rate: { low: 0, high: Infinity },
    flapping: { low: 0, high: 1 },
  },
  ...{ sum: { low: -Infinity, high: Infinity }, avg: UNBOUNDED, min: UNBOUNDED, max: UNBOUNDED, percentile: UNBOUNDED },
  ...{ delta: UNBOUNDED, deltaPercent: UNBOUNDED, increase: POSITIVE, range: POSITIVE, stddev: POSITIVE },
  ratio: { low: 0, high: 1, absent: true },
  ...{
    unchanged: DURATION,
    age: DURATION,
    'partitions that satisfy': COUNTED,
    'percent that satisfy': { low: 0, high: 100 },
  },
};

export const comparisonOf = (leaf: Leaf): Comparison =>
  Object.fromEntries(COMPARISONS.filter((word) => word in leaf).map((word) => [word, leaf[word]]));

export function leavesOf(node: Node): Leaf[] {
  if ('all' in node) return node.all.flatMap(leavesOf);
  if ('any' in node) return node.any.flatMap(leavesOf);
  return 'not' in node ? leavesOf(node.not) : [node];
}

/** Above this many operands the analysis would be too slow and reports nothing. */
const MOST_OPERANDS = 1_000;

const isTooLong = (nodes: readonly Node[]): boolean =>
  nodes.flatMap(leavesOf).flatMap(operandsOf).length > MOST_OPERANDS;

/** Whether some value satisfies all of these, which must have the same subject. */
export function possible(nodes: readonly Node[]): boolean {
  if (isTooLong(nodes)) return true;
  const tests = nodes.map(compile);
  return valuesFor(nodes).some((value) => tests.every((test) => test(value).can));
}

/** How to say that at least one of these holds for every value; undefined if none does. */
export function alwaysHolds(nodes: readonly Node[]): string | undefined {
  if (isTooLong(nodes)) return undefined;
  const tests = nodes.map(compile);
  const values = valuesFor(nodes);
  const holdsFor = (some: readonly unknown[]): boolean =>
    some.length > 0 && some.every((value) => tests.some((test) => test(value).must));
  if (holdsFor(values)) return 'always holds';
  const comparesNumbers = nodes
    .flatMap(leavesOf)
    .flatMap(operandsOf)
    .some((operand) => typeof operand === 'number');
  if (!comparesNumbers || !holdsFor(values.filter((value) => typeof value === 'number'))) return undefined;
  return 'holds for every number';
}

/** With `for`, a leaf holds later than its comparison: it can hold, but never must. */
type Test = (value: unknown) => { can: boolean; must: boolean };

function compile(node: Node): Test {
  if ('not' in node) {
    const test = compile(node.not);
    return (value) => {
      const { can, must } = test(value);
      return { can: !must, must: !can };
    };
  }
  if ('all' in node || 'any' in node) {
    const [parts, quantify] = 'all' in node ? [node.all, 'every' as const] : [node.any, 'some' as const];
    const tests = parts.map(compile);
    return (value) => {
      const truths = tests.map((test) => test(value));
      return { can: truths[quantify](({ can }) => can), must: truths[quantify](({ must }) => must) };
    };
  }
  // `flapping` has its own thresholds if none are given.
  if (Object.keys(comparisonOf(node)).length === 0) return () => ({ can: true, must: false });
  const holds = compileComparison(inMilliseconds(node));
  return (value) => {
    const certain = node.for === undefined && !hasPattern(node);
    return { can: holds(value) || (hasPattern(node) && mayMatchGlob(node, value)), must: certain && holds(value) };
  };
}

const hasPattern = ({ glob }: Leaf): boolean => glob !== undefined && /[*?]/.test(glob);

/** No sample of strings represents all matches of a pattern: any string that the other comparisons accept may match. */
function mayMatchGlob({ glob: _glob, ...others }: Leaf, value: unknown): boolean {
  return typeof value === 'string' && compileComparison(inMilliseconds(others))(value);
}

/** `age` and `unchanged` compare with durations. */
function inMilliseconds(leaf: Leaf): Comparison {
  if (leaf.calc === undefined || DOMAINS[leaf.calc] !== DURATION) return leaf;
  const toMs = (operand: unknown): unknown => {
    if (Array.isArray(operand)) return operand.map(toMs);
    return typeof operand === 'string' ? (parseDuration(operand) ?? operand) : operand;
  };
  return Object.fromEntries(Object.entries(leaf).map(([word, operand]) => [word, toMs(operand)]));
}

function operandsOf(leaf: Leaf): unknown[] {
  const { equals, notEquals, in: oneOf = [], notIn = [], gt, gte, lt, lte, between = [], glob } = inMilliseconds(leaf);
  const same = equals === ANY_VALUE ? undefined : equals;
  return [same, notEquals, ...oneOf, ...notIn, gt, gte, lt, lte, ...between, glob].filter(
    (operand) => operand !== undefined,
  );
}

/** Representative values: every operand, one between each two neighbours, some beyond, and other types. */
function valuesFor(nodes: readonly Node[]): unknown[] {
  const leaves = nodes.flatMap(leavesOf);
  const operands = leaves.flatMap(operandsOf);
  const domain = DOMAINS[leaves[0]?.calc ?? ''];
  const numbers = numbersAround(operands.filter((operand) => typeof operand === 'number'));
  if (domain !== undefined) {
    const { low, high, whole, absent } = domain;
    const inside = [...numbers, low, high]
      .filter((value) => Number.isFinite(value) && value >= low && value <= high)
      .filter((value) => whole !== true || Number.isInteger(value));
    return absent === true ? [undefined, ...inside] : inside;
  }
  // Nothing sorts before '', and nothing sorts between a string and the same string followed by '\0'.
  const texts = ['', ...operands.filter((operand) => typeof operand === 'string')].flatMap((text) => [
    text,
    `${text}\0`,
  ]);
  return [undefined, null, true, false, {}, ...numbers, ...texts];
}

function numbersAround(operands: readonly number[]): number[] {
  const points = [...new Set(operands)].sort((a, b) => a - b);
  const around = points.flatMap((point, index) => {
    const half = (point + (points[index + 1] ?? point)) / 2;
    return [Math.floor(point) - 1, Math.floor(point), point, half, Math.ceil(point), Math.ceil(point) + 1];
  });
  return [-Number.MAX_VALUE, 0, ...around, Number.MAX_VALUE];
}
