import { isProof, overdueFrom } from '../model/overdue.ts';
import type { Cause } from '../model/cause.ts';
import { comparisonOf, hasComparison } from '../model/comparison-words.ts';
import type { Calculation, Comparison } from '../model/condition-schema.ts';
import type { LeafMemory } from '../model/partition-set-state.ts';
import type { AccumulatorState } from '../model/window-state.ts';
import { parseDuration } from '../primitives/duration.ts';
import { asSamples, asWindow, distinctMoment } from '../windows/accumulators.ts';
import { specOf, type CalcSpec } from '../windows/calculations.ts';
import { slicesMoment } from '../windows/slices.ts';
import type { SlidingWindow } from '../windows/window.ts';
import { compileComparison } from './predicate.ts';

/** One comparison of one calculation. */
export interface Leaf {
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
  /** An unknown value keeps the last result of the comparison. */
  silenceIsUnknown: boolean;
  test: (value: unknown, before: boolean) => boolean;
  /** The operands that are numbers, ascending; milliseconds for `age` and `unchanged`. */
  thresholds: number[];
}

export const needsMemory = (node: Calculation): boolean =>
  node.for !== undefined || isUnknowable(node) || isDefaultFlapping(node);

const isUnknowable = (node: Calculation): boolean =>
  specOf(node).silenceIsUnknown === true || ('minSamples' in node && node.minSamples !== undefined);

export function compileLeaf(node: Calculation, { place, slot, memory }: Pick<Leaf, 'place' | 'slot' | 'memory'>): Leaf {
  const spec = specOf(node);
  const comparison = comparisonOf(node);
  const operands = spec.isAge === true ? inMilliseconds(comparison) : comparison;
  const compare = compileComparison(operands);
  const withinMs = milliseconds('within' in node ? node.within : undefined);
  const numbers = thresholdsOf(operands);
  return {
    place,
    spec,
    slot,
    memory,
    withinMs,
    forMs: milliseconds(node.for),
    minSamples: 'minSamples' in node ? (node.minSamples ?? 0) : 0,
    silenceIsUnknown: isUnknowable(node),
    test: isDefaultFlapping(node) ? flaps : compare,
    thresholds: spec.ofWindow?.thresholds?.(numbers, withinMs) ?? numbers,
  };
}

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

/** Whether the comparison holds for this value, and has held for the leaf's `for`. Updates the leaf's memory. */
export function isTrue(
  leaf: Leaf,
  value: unknown,
  memory: LeafMemory | undefined,
  nowMs: number,
  cause: LeafCause,
): boolean {
  const before = memory?.truth ?? false;
  const truth = value === undefined && leaf.silenceIsUnknown ? before : leaf.test(atLeastZero(leaf, value), before);
  if (memory === undefined) return truth;

  if (truth !== memory.truth) {
    memory.changedAt = Math.max(cause.at, memory.changedAt ?? -Infinity);
    memory.since = truth ? memory.changedAt : null;
    memory.truth = truth;
    delete memory.overdueUntil;
    const from = truth && leaf.forMs > 0 ? overdueFrom(memory.changedAt + leaf.forMs, nowMs, cause) : undefined;
    if (from !== undefined) memory.overdueUntil = from;
  }
  if (memory.since === null) memory.ripe = false;
  if (leaf.forMs === 0 || memory.since === null) return truth;
  // Another event at this moment may still break it: only the clock decides, unless it is overdue.
  const isDecided = memory.ripe || (cause.byClock && nowMs >= ripeAt(memory, leaf.forMs));
  memory.ripe =
    nowMs >= memory.since + leaf.forMs &&
    (isDecided || (memory.overdueUntil !== undefined && isProof(memory.since + leaf.forMs, cause)));
  if (memory.ripe) delete memory.overdueUntil;
  return memory.ripe;
}

/** The next time at which the answer may change without an event, or Infinity. */
export function nextChange(
  leaf: Leaf,
  value: unknown,
  memory: LeafMemory | undefined,
  store: AccumulatorState,
  window: SlidingWindow | null,
  nowMs: number,
): number {
  const moment = momentOf(leaf, value, store, window, nowMs);
  if (memory === undefined || leaf.forMs === 0 || memory.since === null || memory.ripe) return moment;
  return Math.min(moment, ripeAt(memory, leaf.forMs));
}

/** When the clock decides that a comparison which holds has held for `forMs`. */
const ripeAt = ({ since, overdueUntil = -Infinity }: LeafMemory, forMs: number): number =>
  Math.max((since ?? Infinity) + forMs, overdueUntil);

function momentOf(
  leaf: Leaf,
  value: unknown,
  store: AccumulatorState,
  window: SlidingWindow | null,
  nowMs: number,
): number {
  const { spec, withinMs, thresholds } = leaf;
  if (window !== null && spec.ofWindow !== undefined) {
    if (window.isSummarised) return slicesMoment(asWindow(store), withinMs, nowMs);
    if (typeof value !== 'number') return unknownMoment(leaf, window);
    const moment = spec.ofWindow.moment(window, leaf, value);
    return leaf.minSamples === 0 ? moment : Math.min(moment, window.leavesAt(window.to - leaf.minSamples));
  }
  if (spec.isAge === true) return typeof value === 'number' ? ageMoment(thresholds, nowMs - value, nowMs) : Infinity;
  return spec.store === 'distinct' ? distinctMoment(asSamples(store), withinMs, nowMs) : Infinity;
}

/** Without an event, a value becomes known when a sample enters, or when the oldest leaves that makes it unknown. */
function unknownMoment({ minSamples }: Leaf, window: SlidingWindow): number {
  const { count, from, nextEntry } = window;
  return count <= Math.max(1, minSamples - 1) ? nextEntry : Math.min(window.leavesAt(from), nextEntry);
}

/** An event ahead of the clock has age 0. */
const atLeastZero = (leaf: Leaf, value: unknown): unknown =>
  leaf.spec.isAge === true && typeof value === 'number' ? Math.max(0, value) : value;

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

const milliseconds = (text: string | undefined): number => (text === undefined ? 0 : (parseDuration(text) ?? 0));

function inMilliseconds(comparison: Comparison): Comparison {
  const convert = (operand: unknown): unknown => {
    if (Array.isArray(operand)) return operand.map(convert);
    return typeof operand === 'string' && operand !== '*' ? (parseDuration(operand) ?? operand) : operand;
  };
  return Object.fromEntries(Object.entries(comparison).map(([word, operand]) => [word, convert(operand)]));
}

function thresholdsOf(comparison: Comparison): number[] {
  const operands = Object.values(comparison).flat();
  return [...new Set(operands.filter((operand) => typeof operand === 'number'))].sort((a, b) => a - b);
}
