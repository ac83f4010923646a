import { isProof, overdueFrom } from '../../model/alert/overdue.ts';
import type { Cause } from '../../model/alert/cause.ts';
import { comparisonOf, hasComparison } from '../../model/rule/comparison-words.ts';
import type { Calculation, Comparison } from '../../model/rule/condition-schema.ts';
import type { PartitionOperand } from '../../model/rule/operand-words.ts';
import type { LeafMemory } from '../../model/partition-set/partition-set-state.ts';
import type { AccumulatorState } from '../../model/partition-set/window-state.ts';
import { parseDuration } from '../../primitives/text/duration.ts';
import type { Truth } from '../../primitives/truth.ts';
import { inDouble, inMemory } from '../../primitives/numbers/whole-number.ts';
import { asWindow, valuesMoment } from '../../windows/accumulators.ts';
import { specOf, type CalcSpec } from '../../windows/calculations.ts';
import { slicesMoment } from '../../windows/slices.ts';
import type { WindowCalculation } from '../../windows/window-calculations.ts';
import type { SlidingWindow } from '../../windows/window.ts';
import { hasEvery } from '../../primitives/path.ts';
import { anyElement, elementsOf } from './any-element.ts';
import { compileSides } from './operand.ts';
import { compileComparison } from './predicate.ts';

/** One comparison of one calculation. */
export interface Leaf {
  /** What it is compiled from. */
  node: Calculation;
  /** Index among the leaves of its rule. */
  place: number;
  spec: CalcSpec;
  /** Index in `PartitionState.stores`, or -1. */
  slot: number;
  /** Index in `PartitionState.memory`, or -1 if it needs none. */
  memory: number;
  withinMs: number;
  forMs: number;
  /** With fewer samples in the window the value is unknown. */
  minSamples: number;
  /** What its window needs beyond its content to be known; null if nothing. */
  knowledge: LeafKnowledge | null;
  /** The leaf is unknown without a value; else it then compares false, but for `exists: false`. */
  silenceIsUnknown: boolean;
  /** `sides`: the values of `operands`; undefined if it depends on an unknown one. */
  test: (value: unknown, before: boolean, sides: readonly unknown[]) => boolean | undefined;
  comparison: Comparison;
  /** Right sides that are not constants; null if there are none, as in most rules. */
  operands: readonly LeafOperand[] | null;
  /** The operands that are numbers, ascending; milliseconds for `age` and `unchanged`. */
  thresholds: readonly number[];
}

/** `whenFull`, and `minSamples` of a calculation that does not keep its samples. */
export interface LeafKnowledge {
  whenFull: boolean;
  /** So many samples fill the window, too; null if only time does. */
  last: number | null;
  /** Index in `PartitionState.stores` of a window of the samples; -1 if they are in the leaf's own. */
  counted: number;
}

/** A right side: the calculation of its value, and how the value is compared. */
export interface LeafOperand {
  operand: PartitionOperand;
  calculated: Leaf;
  /** The newest value of a property: settings may bring it, too. */
  isLatest: boolean;
}

/** A leaf that may be unknown has a memory that only its `for` uses: stored states count memories that way. */
export const needsMemory = (node: Calculation): boolean =>
  node.for !== undefined || isUnknowable(node) || isDefaultFlapping(node);

const isUnknowable = (node: Calculation): boolean =>
  specOf(node).needsSamples !== undefined ||
  ('minSamples' in node && node.minSamples !== undefined) ||
  ('whenFull' in node && node.whenFull === true);

export function compileLeaf(
  node: Calculation,
  { place, slot, memory, operands, counted = -1 }: Pick<Leaf, 'place' | 'slot' | 'memory' | 'operands'> & Counted,
): Leaf {
  const spec = specOf(node);
  const comparison = comparisonOf(node);
  const constants = spec.isAge === true || spec.isDuration === true ? inMilliseconds(comparison) : comparison;
  const compare = compileComparison(constants);
  const withinMs = windowMs(node);
  const numbers = numbersOf(constants);
  return {
    node,
    place,
    spec,
    slot,
    memory,
    withinMs,
    forMs: milliseconds(node.for),
    minSamples: Math.max('minSamples' in node ? (node.minSamples ?? 0) : 0, spec.needsSamples ?? 0),
    knowledge: compileKnowledge(node, counted),
    silenceIsUnknown: isUnknowable(node),
    test: isDefaultFlapping(node)
      ? flaps
      : ofElements(node, operands === null ? compare : withSides(comparison, operands, compare)),
    ...{ comparison, operands },
    thresholds: onScaleOf({ spec, withinMs }, numbers),
  };
}

/** Of a list, any element that passes is enough. */
function ofElements(node: Calculation, test: Leaf['test']): Leaf['test'] {
  if (!('property' in node) || !hasEvery(node.property)) return test;
  return (found, before, sides) => anyElement(elementsOf(found), (value) => test(value, before, sides));
}

interface Counted {
  counted?: number;
}

function compileKnowledge(node: Calculation, counted: number): LeafKnowledge | null {
  const whenFull = 'whenFull' in node && node.whenFull === true;
  const last = 'last' in node ? (node.last ?? null) : null;
  return whenFull || counted >= 0 ? { whenFull, last, counted } : null;
}

/** The length of the window of a calculation; Infinity if only `last` bounds it, 0 if it has none. */
export function windowMs(node: Calculation): number {
  if ('last' in node && node.last !== undefined && node.within === undefined) return Infinity;
  return milliseconds('within' in node ? node.within : undefined);
}

/** Thresholds of the value on the scale that its calculation needs. */
export const onScaleOf = ({ spec, withinMs }: Pick<Leaf, 'spec' | 'withinMs'>, numbers: number[]): readonly number[] =>
  spec.ofWindow?.thresholds?.(numbers, withinMs) ?? numbers;

/**
 * The value of the calculation. `window`: the window of its slot, if any; `lastEventMs`: event time of the partition's
 * newest event.
 */
export function valueOf(
  { spec, withinMs, minSamples }: Leaf,
  store: AccumulatorState,
  window: SlidingWindow | null,
  nowMs: number,
  lastEventMs: number,
): unknown {
  if (window !== null && minSamples > 0 && window.samplesAt(nowMs) < minSamples) return undefined;
  if (window === null || spec.ofWindow === undefined || window.isSummarised)
    return spec.value(store, nowMs, withinMs, lastEventMs);
  return spec.ofWindow.now(window);
}

/** The part of a cause that decides about a leaf. */
export type LeafCause = Pick<Cause, 'at' | 'byClock' | 'arrivedAt' | 'mayProve'>;

/**
 * Whether the comparison holds for this value, and has held for the leaf's `for`. Updates the leaf's memory: while the
 * value is unknown, a `for` that has not passed begins anew, and one that has passed has.
 */
export function isTrue(
  leaf: Leaf,
  value: unknown,
  memory: LeafMemory | undefined,
  nowMs: number,
  cause: LeafCause,
  sides: readonly unknown[] = NO_SIDES,
): Truth {
  const before = memory?.truth ?? false;
  const answer =
    value === undefined && leaf.silenceIsUnknown ? undefined : leaf.test(asCompared(leaf, value), before, sides);
  return memory === undefined ? answer : remembered(leaf, answer, memory, nowMs, cause);
}

function remembered(leaf: Leaf, answer: Truth, memory: LeafMemory, nowMs: number, cause: LeafCause): Truth {
  const truth = answer ?? memory.ripe;
  if (truth !== memory.truth) {
    memory.changedAt = Math.max(cause.at, memory.changedAt ?? -Infinity);
    memory.since = truth ? memory.changedAt : null;
    memory.truth = truth;
    if (memory.overdueUntil !== undefined) delete memory.overdueUntil;
    const from = truth && leaf.forMs > 0 ? overdueFrom(memory.changedAt + leaf.forMs, nowMs, cause) : undefined;
    if (from !== undefined) memory.overdueUntil = from;
  }
  if (memory.since === null) memory.ripe = false;
  if (answer === undefined) return undefined;
  if (leaf.forMs === 0 || memory.since === null) return truth;
  // Another event at this moment may still break it: only the clock decides, unless it is overdue.
  const isDecided = memory.ripe || (cause.byClock && nowMs >= ripeAt(memory, leaf.forMs));
  memory.ripe =
    nowMs >= memory.since + leaf.forMs &&
    (isDecided || (memory.overdueUntil !== undefined && isProof(memory.since + leaf.forMs, cause)));
  if (memory.ripe && memory.overdueUntil !== undefined) delete memory.overdueUntil;
  return memory.ripe;
}

const NO_SIDES: readonly unknown[] = [];

/** The next time at which the answer may change without an event, or Infinity. `moment`: the same for its value. */
export function nextChange(leaf: Leaf, memory: LeafMemory | undefined, moment: number): number {
  if (memory === undefined || leaf.forMs === 0 || memory.since === null || memory.ripe) return moment;
  return Math.min(moment, ripeAt(memory, leaf.forMs));
}

/** When the clock decides that a comparison which holds has held for `forMs`. */
const ripeAt = ({ since, overdueUntil = -Infinity }: LeafMemory, forMs: number): number =>
  Math.max((since ?? Infinity) + forMs, overdueUntil);

/** The next time at which the value may change its place among the thresholds without an event, or Infinity. */
export function momentOf(
  leaf: Pick<Leaf, 'place' | 'spec' | 'withinMs' | 'minSamples' | 'thresholds'>,
  value: unknown,
  store: AccumulatorState,
  window: SlidingWindow | null,
  nowMs: number,
): number {
  const { spec, withinMs, thresholds } = leaf;
  if (window !== null && spec.ofWindow !== undefined) {
    if (window.isSummarised) return (spec.ofWindow.ofSlices ?? slicesMomentOf)(asWindow(store), leaf, nowMs);
    if (typeof value !== 'number') return unknownMoment(leaf, window);
    const moment = spec.ofWindow.moment(window, leaf, value);
    return leaf.minSamples === 0 ? moment : Math.min(moment, window.leavesAt(window.to - leaf.minSamples));
  }
  if (spec.isAge === true) return typeof value === 'number' ? ageMoment(thresholds, nowMs - value, nowMs) : Infinity;
  return valuesMoment(spec.store, store, withinMs, nowMs);
}

/** When the content of a summarised window changes by itself. */
export const slicesMomentOf: NonNullable<WindowCalculation['ofSlices']> = (state, { withinMs }, nowMs) =>
  slicesMoment(state, withinMs, nowMs);

/** Without an event, a value becomes known when a sample enters, or when the oldest leaves that makes it unknown. */
function unknownMoment({ minSamples, spec }: Pick<Leaf, 'minSamples' | 'spec'>, window: SlidingWindow): number {
  const { count, from, nextEntry } = window;
  const enough = spec.ofWindow?.holds === true ? 1 : 2;
  return count < Math.max(enough, minSamples) ? nextEntry : Math.min(window.leavesAt(from), nextEntry);
}

/** A value in memory; an event ahead of the clock has age 0. */
function asCompared({ spec }: Leaf, value: unknown): unknown {
  if (typeof value === 'number') return value < 0 && spec.isAge === true ? 0 : value;
  return typeof value === 'object' ? inMemory(value) : value;
}

/** The age since `baseMs` crosses a threshold d at base + d (≥, <), and at base + d + 1 ms (>, ≤, =). */
function ageMoment(thresholds: readonly number[], baseMs: number, nowMs: number): number {
  for (const threshold of thresholds) {
    if (baseMs + threshold > nowMs) return baseMs + threshold;
    if (baseMs + threshold + 1 > nowMs) return baseMs + threshold + 1;
  }
  return Infinity;
}

const FLAPS_ABOVE = 0.5;
const FLAPS_UNTIL = 0.25;
const isDefaultFlapping = (node: Calculation): boolean => node.calc === 'flapping' && !hasComparison(node);
const flaps = (value: unknown, before: boolean): boolean =>
  typeof value === 'number' && (before ? value >= FLAPS_UNTIL : value > FLAPS_ABOVE);

/** The constant sides first: a value that they refuse needs no operand. */
function withSides(
  comparison: Comparison,
  operands: readonly LeafOperand[],
  constant: (value: unknown) => boolean,
): Leaf['test'] {
  const sides = compileSides<readonly unknown[]>(comparison, (operand) => {
    const place = operands.findIndex((each) => each.operand === operand);
    return (values) => values[place];
  });
  return (value, _before, values) => constant(value) && sides(value, values);
}

const milliseconds = (text: string | undefined): number => (text === undefined ? 0 : (parseDuration(text) ?? 0));

export function inMilliseconds(comparison: Comparison): Comparison {
  const convert = (operand: unknown): unknown => {
    if (Array.isArray(operand)) return operand.map(convert);
    return typeof operand === 'string' && operand !== '*' ? (parseDuration(operand) ?? operand) : operand;
  };
  return Object.fromEntries(Object.entries(comparison).map(([word, operand]) => [word, convert(operand)]));
}

/** The numbers of a comparison, ascending. */
export function numbersOf(comparison: Comparison): number[] {
  const operands = Object.values(comparison).flat();
  const numbers = operands.map(inDouble).filter((operand) => typeof operand === 'number');
  return [...new Set(numbers)].sort((a, b) => a - b);
}
