import { adjusted, UNKNOWN } from '../../compilation/conditions/operand.ts';
import { momentOf, onScaleOf, type Leaf, type LeafOperand } from '../../compilation/conditions/leaf.ts';
import type { PartitionSet } from '../../partition-set/partition-set.ts';
import { newestValue } from '../../partition-set/values/settings-value.ts';
import type { PartitionEntry } from '../../partition-set/partition-index.ts';
import { isElements, type ElementValues } from '../../primitives/value.ts';
import { inDouble } from '../../primitives/numbers/whole-number.ts';
import { calculate, type Calculated } from '../../partition-set/values/calculate.ts';

/* A leaf whose right sides are values of the same partition: both sides may change by themselves. */

/** The value of an operand before it is adjusted. */
export function rawSide(set: PartitionSet, entry: PartitionEntry, { calculated, isLatest }: LeafOperand): Calculated {
  const side = calculate(set, entry, calculated);
  if (isLatest && set.rule.settings !== null)
    return { ...side, value: newestValue(set, entry.partition, calculated.slot) };
  return side.value === undefined && calculated.silenceIsUnknown ? { ...side, value: UNKNOWN } : side;
}

/**
 * The next time at which the result of a comparison with operands may change without an event, or Infinity. Between the
 * value and each operand there is a number: while neither passes it, the comparison stays the same.
 */
export function momentBetween(
  leaf: Leaf,
  own: Calculated,
  operands: readonly LeafOperand[],
  sides: readonly Calculated[],
  entry: PartitionEntry,
  nowMs: number,
): number {
  const numbers: number[] = [];
  let moment = Infinity;
  operands.forEach((each, index) => {
    const side = sides[index] as Calculated;
    const { ofValue, ofSide } = boundsOf(each, own.value, side.value, entry);
    numbers.push(...ofValue);
    const bounds = onScaleOf(each.calculated, ofSide);
    moment = Math.min(moment, momentWith(each.calculated, bounds, side, entry, nowMs));
  });
  const thresholds = [...leaf.thresholds, ...onScaleOf(leaf, numbers)].sort((a, b) => a - b);
  return Math.min(moment, momentWith(leaf, thresholds, own, entry, nowMs));
}

/** The numbers that the value and the operand must not pass. */
function boundsOf(
  { operand, calculated, isLatest }: LeafOperand,
  given: unknown,
  side: unknown,
  entry: Pick<PartitionEntry, 'between'>,
): { ofValue: number[]; ofSide: number[] } {
  if (isElements(given)) return boundsOfEach(given, { operand, calculated, isLatest }, side);
  const value = double(given);
  const raw = double(side);
  const compared = double(adjusted(side, operand));
  if (typeof value !== 'number' || typeof compared !== 'number') return { ofValue: [], ofSide: [] };
  // A default that stands for something else.
  if (typeof raw !== 'number') return { ofValue: [compared], ofSide: [] };
  const at = (number: number): number => adjusted(number, operand) as number;
  const separates = (number: number): boolean =>
    value > compared ? value > at(number) && at(number) >= compared : value < at(number) && at(number) <= compared;
  const middle = (): number => (raw + (value - (operand.plus ?? 0)) / (operand.times ?? 1)) / 2;
  // A known one is kept, so that what was found out about it stays true.
  const [between] = [entry.between?.[calculated.place] ?? NaN, middle()].filter(separates);
  if (between === undefined) return { ofValue: [value], ofSide: [raw] };
  (entry.between ??= [])[calculated.place] = between;
  return { ofValue: [at(between)], ofSide: [between] };
}

/** No double lies between a whole number of many digits and its double: passing one is passing the other. */
const double = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : inDouble(value));

/** The numbers between the operand and each element of a list. */
function boundsOfEach(
  { each }: ElementValues,
  operand: LeafOperand,
  raw: unknown,
): { ofValue: number[]; ofSide: number[] } {
  const bounds = each.map((value) => boundsOf(operand, value, raw, {}));
  return { ofValue: [], ofSide: [...new Set(bounds.flatMap(({ ofSide }) => ofSide))].sort((a, b) => a - b) };
}

/** Forecasts are for certain thresholds: with others they start anew. */
function momentWith(
  leaf: Leaf,
  thresholds: readonly number[],
  { value, store, window, knowledge }: Calculated,
  entry: PartitionEntry,
  nowMs: number,
): number {
  const bounds = (entry.bounds ??= []);
  const before = bounds[leaf.place];
  if (before === undefined || !isSame(before, thresholds)) {
    bounds[leaf.place] = thresholds;
    if (window !== null) window.forecasts[leaf.place] = undefined;
  }
  return Math.min(momentOf({ ...leaf, thresholds }, value, store, window, nowMs), knowledge?.moment ?? Infinity);
}

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((number, index) => number === b[index]);
