import type { Cause } from '../model/cause.ts';
import type { Calculation, Comparison } from '../model/condition-schema.ts';
import type { LeafMemory } from '../model/partition-set-state.ts';
import type { AccumulatorState } from '../model/window-state.ts';
import { parseDuration } from '../primitives/duration.ts';
import { asSamples, asWindow, distinctMoment } from '../windows/accumulators.ts';
import { CALCS, type CalcSpec } from '../windows/calculations.ts';
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
  test: (value: unknown, before: boolean) => boolean;
  /** The operands that are numbers, ascending; milliseconds for `age` and `unchanged`. */
  thresholds: number[];
}

export const needsMemory = ({ calc, for: lasting, ...rest }: Calculation): boolean =>
  lasting !== undefined || CALCS[calc].silenceIsUnknown === true || isDefaultFlapping({ calc, ...rest } as Calculation);

export function compileLeaf(node: Calculation, { place, slot, memory }: Pick<Leaf, 'place' | 'slot' | 'memory'>): Leaf {
  const {
    calc,
    property: _property,
    as: _as,
    within,
    for: lasting,
    ...comparison
  } = node as Calculation & { property?: string; as?: string | undefined; within?: string };
  const spec = CALCS[calc];
  const operands = spec.isAge === true ? inMilliseconds(comparison) : comparison;
  const compare = compileComparison(operands);
  const withinMs = milliseconds(within);
  const numbers = thresholdsOf(operands);
  return {
    place,
    spec,
    slot,
    memory,
    withinMs,
    forMs: milliseconds(lasting),
    test: isDefaultFlapping(node) ? flaps : compare,
    thresholds: spec.ofWindow?.thresholds?.(numbers, withinMs) ?? numbers,
  };
}

/**
 * The value of the calculation. `window`: the window of its slot, if any; `lastEventMs`: event time of the partition's
 * newest event.
 */
export function valueOf(
  { spec, withinMs }: Leaf,
  store: AccumulatorState,
  window: SlidingWindow | null,
  nowMs: number,
  lastEventMs: number,
): unknown {
  if (window === null || spec.ofWindow === undefined || window.isSummarised)
    return spec.value(store, nowMs, withinMs, lastEventMs);
  return spec.ofWindow.now(window);
}

/** Whether the comparison holds for this value, and has held for the leaf's `for`. Updates the leaf's memory. */
export function isTrue(
  leaf: Leaf,
  value: unknown,
  memory: LeafMemory | undefined,
  nowMs: number,
  cause: Pick<Cause, 'at' | 'byClock'>,
): boolean {
  const before = memory?.truth ?? false;
  const truth =
    value === undefined && leaf.spec.silenceIsUnknown === true ? before : leaf.test(atLeastZero(leaf, value), before);
  if (memory === undefined) return truth;

  if (truth !== memory.truth) {
    memory.changedAt = Math.max(cause.at, memory.changedAt ?? -Infinity);
    memory.since = truth ? memory.changedAt : null;
    memory.truth = truth;
  }
  if (memory.since === null) memory.ripe = false;
  if (leaf.forMs === 0 || memory.since === null) return truth;
  // Another event at this moment may still break it: only the clock decides.
  memory.ripe = nowMs >= memory.since + leaf.forMs && (memory.ripe || cause.byClock);
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
  const since = memory?.since ?? null;
  return leaf.forMs === 0 || since === null || memory?.ripe === true ? moment : Math.min(moment, since + leaf.forMs);
}

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
    return typeof value === 'number' ? spec.ofWindow.moment(window, leaf, value) : window.nextEntry;
  }
  if (spec.isAge === true) return typeof value === 'number' ? ageMoment(thresholds, nowMs - value, nowMs) : Infinity;
  return spec.store === 'distinct' ? distinctMoment(asSamples(store), withinMs, nowMs) : Infinity;
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
const isDefaultFlapping = ({
  calc,
  property: _property,
  as: _as,
  for: _for,
  ...comparison
}: Calculation & { property?: string; as?: string | undefined }): boolean =>
  calc === 'flapping' && Object.keys(comparison).length === 0;
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
