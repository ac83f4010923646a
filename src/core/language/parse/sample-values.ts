import { ANY_VALUE } from '../../compilation/conditions/predicate.ts';
import { isOperand } from '../../model/rule/operand-words.ts';
import type { Comparison } from '../../model/rule/condition-schema.ts';
import { parseDuration } from '../../primitives/text/duration.ts';
import { LIMITS } from '../../primitives/limits.ts';
import { inMemory, wholeFrom } from '../../primitives/numbers/whole-number.ts';
import { leavesOf, type LeafNode, type Node } from '../node.ts';

/** A value that represents all values between two neighbouring operands, or only itself. */
export interface SampleValue {
  value: unknown;
  /** It represents other texts too: some of them may match a pattern, and others may not. */
  isOpen: boolean;
}

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

/* Subjects of the value of a set (`evaluate: sum`, `avg`, `min`, `max`). */
export const ANY_NUMBER = 'the value';
export const POSITIVE_NUMBER = 'the value, at least 0';
export const ANY_DURATION = 'the duration';

const DOMAINS: Readonly<Record<string, Domain>> = {
  ...{
    count: COUNTED,
    changes: COUNTED,
    distinct: { ...COUNTED, high: LIMITS.distinctValues },
    rate: { low: 0, high: Infinity },
    flapping: { low: 0, high: 1 },
  },
  ...{ sum: { low: -Infinity, high: Infinity }, avg: UNBOUNDED, min: UNBOUNDED, max: UNBOUNDED, percentile: UNBOUNDED },
  ...{ delta: UNBOUNDED, deltaPercent: UNBOUNDED, increase: POSITIVE, range: POSITIVE, stddev: POSITIVE },
  ratio: { low: 0, high: 1, absent: true },
  ...{
    [ANY_NUMBER]: UNBOUNDED,
    [POSITIVE_NUMBER]: POSITIVE,
    [ANY_DURATION]: DURATION,
    unchanged: DURATION,
    age: DURATION,
    'partitions that satisfy': COUNTED,
    'percent that satisfy': { low: 0, high: 100 },
  },
};

/** The number of samples is at most `last`, and so is what counts them. */
const OF_SAMPLES: readonly (string | undefined)[] = ['count', 'changes', 'distinct'];

function domainOf({ calc, as, within = '', last, whenFull, minSamples }: LeafNode): Domain | undefined {
  if (calc === 'timeIn')
    return { low: 0, high: parseDuration(within) ?? Infinity, whole: true, ...(whenFull === true && { absent: true }) };
  const isValue = calc === undefined || calc === 'latest';
  const domain = isValue && as === 'number' ? UNBOUNDED : DOMAINS[calc ?? ''];
  if (domain === undefined) return undefined;
  const high = last !== undefined && OF_SAMPLES.includes(calc) ? Math.min(last, domain.high) : domain.high;
  const mayBeUnknown = whenFull === true || minSamples !== undefined;
  return high === domain.high && !mayBeUnknown ? domain : { ...domain, high, ...(mayBeUnknown && { absent: true }) };
}

/** `age`, `unchanged` and `timeIn` compare with durations. */
export function inMilliseconds(leaf: LeafNode): Comparison {
  if (domainOf(leaf) !== DURATION && leaf.calc !== 'timeIn') return leaf;
  const toMs = (operand: unknown): unknown => {
    if (Array.isArray(operand)) return operand.map(toMs);
    return typeof operand === 'string' ? (parseDuration(operand) ?? operand) : operand;
  };
  return Object.fromEntries(Object.entries(leaf).map(([word, operand]) => [word, toMs(operand)]));
}

/** The values at which the result of a comparison changes. */
export function operandsOf(leaf: LeafNode): unknown[] {
  const {
    equals,
    notEquals,
    in: oneOf = [],
    notIn = [],
    gt,
    gte,
    lt,
    lte,
    between = [],
    ...rest
  } = inMilliseconds(leaf);
  const { glob, contains, startsWith, endsWith } = rest;
  const same = equals === ANY_VALUE ? undefined : equals;
  const prefix = startsWith === undefined ? [] : [startsWith, afterPrefix(startsWith)];
  const operands = [
    same,
    notEquals,
    ...oneOf,
    ...notIn,
    gt,
    gte,
    lt,
    lte,
    ...between,
    glob,
    contains,
    endsWith,
    ...prefix,
  ];
  return operands.filter((operand) => operand !== undefined && !isOperand(operand)).map(inMemory);
}

const LAST_UNIT = 0xffff;

/** The first text, in the order of texts, after all that start with this one. */
function afterPrefix(prefix: string): string | undefined {
  if (prefix === '') return undefined;
  const [others, last] = [prefix.slice(0, -1), prefix.charCodeAt(prefix.length - 1)];
  return last === LAST_UNIT ? afterPrefix(others) : others + String.fromCharCode(last + 1);
}

/** Representative values: every operand, one between each two neighbours, some beyond, and other types. */
export function samplesFor(nodes: readonly Node[]): SampleValue[] {
  const leaves = nodes.flatMap(leavesOf);
  const operands = leaves.flatMap(operandsOf);
  const [first] = leaves;
  const domain = first === undefined ? undefined : domainOf(first);
  const all = operands.filter((operand) => typeof operand === 'number' || typeof operand === 'bigint');
  const isValue = first?.calc === undefined || first.calc === 'latest';
  const numbers = [...numbersAround(all.map(Number)), ...(isValue ? all.flatMap(wholesAround) : [])];
  if (domain !== undefined) {
    const { low, high, whole, absent } = domain;
    const inside = [...numbers, low, high]
      .filter((value) => Math.abs(Number(value)) < Infinity && value >= low && value <= high)
      .filter((value) => whole !== true || Number.isInteger(Number(value)));
    return (absent === true ? [undefined, ...inside] : inside).map(closed);
  }
  const texts = ['', ...operands.filter((operand) => typeof operand === 'string')];
  return [
    ...[undefined, null, true, false, {}, ...numbers, ...texts].map(closed),
    // Nothing sorts before '', and nothing sorts between a string and the same string followed by '\0'.
    ...texts.map((text) => ({ value: `${text}\0`, isOpen: true })),
    // No pattern matches a text that is too long. Only predicates see one.
    ...(first?.calc === undefined ? texts.map((text) => closed(text + TOO_LONG)) : []),
  ];
}

const closed = (value: unknown): SampleValue => ({ value, isOpen: false });

const TOO_LONG = '\0'.repeat(LIMITS.textLength + 1);

/** Of a number that may have neighbours that a double cannot keep. */
function wholesAround(number: number | bigint): (number | bigint)[] {
  if (Number.isSafeInteger(number) || !/^-?\d+$/.test(String(number))) return [];
  return [-1n, 0n, 1n].map((step) => wholeFrom(String(BigInt(String(number)) + step)));
}

function numbersAround(operands: readonly number[]): number[] {
  const points = [...new Set(operands)].sort((a, b) => a - b);
  const around = points.flatMap((point, index) => {
    const half = (point + (points[index + 1] ?? point)) / 2;
    return [Math.floor(point) - 1, Math.floor(point), point, half, Math.ceil(point), Math.ceil(point) + 1];
  });
  return [-Number.MAX_VALUE, 0, ...around, Number.MAX_VALUE];
}
