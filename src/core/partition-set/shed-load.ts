import { cutToBytes, jsonBytes } from '../primitives/text/bytes.ts';
import type { CompiledRule } from '../compilation/compile-rule.ts';
import type { PartitionEntry } from './partition-index.ts';
import type { PartitionState } from '../model/partition-set/partition-set-state.ts';
import { asRun, asSample, asSamples, asWindow, foldOldest, isWindow } from '../windows/accumulators.ts';
import { firstElements, isElements, showValue } from '../primitives/value.ts';
import { COARSE_SLICES, accumulatorWeight, weightOf } from './weight.ts';
import type { Accumulator, AccumulatorState } from '../model/partition-set/window-state.ts';
import { condense } from '../windows/slices.ts';

/** Slices of long numbers weigh more, so fewer fit into the weight reserved for each partition. */
const COARSE_LONG_SLICES = 6;
/** JSON bytes of a value that every partition may keep. */
const SHORT_VALUE_BYTES = 40;

/**
 * Keeps a partition of an overweight set from growing with an event: makes its windows coarser, then drops other data,
 * heaviest first, until it weighs no more than before. Returns whether data was lost.
 */
export function shedLoad(rule: CompiledRule, entry: PartitionEntry, nowMs: number): boolean {
  const { partition, weight } = entry;
  let lost = false;
  rule.slots.forEach((slot, place) => {
    if (!isWindow(slot) || slot.last !== undefined) return;
    const window = asWindow(partition.stores[place] ?? null);
    const slices = window.long === true ? COARSE_LONG_SLICES : COARSE_SLICES;
    if (window.samples.length + window.slices.length <= slices + 1) return;
    condense(window, slices, slot.withinMs, nowMs, slices + 1);
    entry.windows = [];
    lost = true;
  });
  // Weighing reads whole strings, so weigh again only what has shrunk.
  let over = weightOf(rule, entry) - weight;
  const weighed =
    over > 0
      ? rule.slots.map((slot, place) => ({
          slot,
          place,
          weight: accumulatorWeight(slot, partition.stores[place] ?? null),
        }))
      : [];
  while (over > 0) {
    const freed = shrinkHeaviest(weighed, partition.stores);
    if (freed !== null) {
      over -= freed;
      // Derived from what has shrunk.
      entry.windows = [];
    } else if (forgetOldest(partition)) over = weightOf(rule, entry) - weight;
    else break;
    lost = true;
  }
  return lost;
}

interface Weighed {
  slot: Accumulator;
  place: number;
  weight: number;
}

/** Returns the freed weight; null if there was nothing to drop. */
function shrinkHeaviest(weighed: Weighed[], stores: AccumulatorState[]): number | null {
  const shrunk = weighed
    .sort((a, b) => b.weight - a.weight || a.place - b.place)
    .find(({ slot, place }) => shrink(slot, stores, place));
  if (shrunk === undefined) return null;
  const before = shrunk.weight;
  shrunk.weight = accumulatorWeight(shrunk.slot, stores[shrunk.place] ?? null);
  return before - shrunk.weight;
}

/** Returns whether there was something to drop. */
function shrink({ kind, last }: Accumulator, stores: AccumulatorState[], place: number): boolean {
  const state = stores[place] ?? null;
  if (last !== undefined) return asWindow(state).samples.shift() !== undefined;
  switch (kind) {
    case 'latest':
      return shorten(stores, place);
    case 'distinct':
    case 'heldValues':
    case 'history':
      return asSamples(state).shift() !== undefined;
    case 'run':
      return foldOldest(asRun(state));
    default:
      return false;
  }
}

/** Makes a cut string opaque, like one that was too long from the start; of a list, the first elements stay. */
function shorten(stores: AccumulatorState[], place: number): boolean {
  const [timeMs = 0, sequence = 0, value = null] = asSample(stores[place] ?? null) ?? [];
  if (isElements(value)) {
    const each = firstElements(value, SHORT_VALUE_BYTES);
    if (each.each.length === value.each.length) return false;
    stores[place] = [timeMs, sequence, each];
    return true;
  }
  const text = showValue(value);
  if (typeof text !== 'string' || jsonBytes(text) <= SHORT_VALUE_BYTES) return false;
  stores[place] = [timeMs, sequence, { json: cutToBytes(text, SHORT_VALUE_BYTES) }];
  return true;
}

function forgetOldest({ sequence, last }: PartitionState): boolean {
  if (sequence?.runs.shift() !== undefined) return true;
  if (sequence?.recent?.shift() !== undefined) return true;
  if (sequence?.unwanted !== undefined) {
    delete sequence.unwanted;
    return true;
  }
  if (last?.data !== undefined) {
    delete last.data;
    return true;
  }
  if (last?.trace === undefined) return false;
  delete last.trace;
  return true;
}
