import type { Leaf } from '../compilation/leaf.ts';
import { slicesMomentOf, valueOf } from '../compilation/leaf.ts';
import type { AccumulatorState } from '../model/window-state.ts';
import { knowledgeOf } from './knowledge.ts';
import { windowOf, type PartitionEntry } from '../partition-set/partition-index.ts';
import { isLive, type PartitionSet } from '../partition-set/partition-set.ts';
import { asSamples, asWindow, distinctMoment, tidyValues } from '../windows/accumulators.ts';
import { heldValuesMoment } from '../windows/held-values.ts';
import { inDouble } from '../primitives/whole-number.ts';
import type { SlidingWindow } from '../windows/window.ts';

/**
 * Updates the value that a partition contributes to the set (`evaluate: sum`, `avg`, `min`, `max`) to the set's clock.
 * Returns the next time at which it changes without an event, or Infinity.
 */
export function measurePartition(set: PartitionSet, entry: PartitionEntry): number {
  const { across, state } = set;
  const { partition } = entry;
  if (across === null) return Infinity;
  const [value, moment] = isLive(partition) ? measure(set, entry, across.measure.leaf) : [undefined, Infinity];
  const { measured } = partition;
  across.replace(entry.key, measured, value, state.now);
  if (value !== undefined) partition.measured = value;
  else if (measured !== undefined) delete partition.measured;
  return moment;
}

/**
 * The value of a live partition, and when it changes by itself. One that grows is the time at which it was 0, which does
 * not change. No value if it is not a number.
 */
function measure(set: PartitionSet, entry: PartitionEntry, leaf: Leaf): [value: number | undefined, moment: number] {
  const { rule, state } = set;
  const { partition } = entry;
  const slot = rule.slots[leaf.slot];
  const store = slot === undefined ? null : (partition.stores[leaf.slot] ?? null);
  const window = slot === undefined ? null : windowOf(entry, slot, leaf.slot);
  window?.moveTo(state.now);
  if (slot !== undefined) tidyValues(slot, store, state.now);
  const value = inDouble(valueOf(leaf, store, window, state.now, partition.last?.timeMs ?? 0));
  const knowledge = knowledgeOf(set, entry, leaf);
  const moment = Math.min(changeOf(leaf, store, window, state.now), knowledge?.moment ?? Infinity);
  if (knowledge?.isKnown === false || typeof value !== 'number' || !Number.isFinite(value)) return [undefined, moment];
  if (leaf.spec.isAge !== true) return [value, moment];
  const began = state.now - value;
  return [began, began > state.now ? began : Infinity];
}

/** When the next sample enters or leaves. */
function changeOf(leaf: Leaf, store: AccumulatorState, window: SlidingWindow | null, nowMs: number): number {
  if (leaf.spec.store === 'distinct') return distinctMoment(asSamples(store), leaf.withinMs, nowMs);
  if (leaf.spec.store === 'heldValues') return heldValuesMoment(asSamples(store), leaf.withinMs, nowMs);
  if (window === null) return Infinity;
  if (window.isSummarised) return (leaf.spec.ofWindow?.ofSlices ?? slicesMomentOf)(asWindow(store), leaf, nowMs);
  return window.count === 0 ? window.nextEntry : Math.min(window.leavesAt(window.from), window.nextEntry);
}
