import type { Leaf } from '../../compilation/conditions/leaf.ts';
import { slicesMomentOf } from '../../compilation/conditions/leaf.ts';
import type { AccumulatorState } from '../../model/partition-set/window-state.ts';
import { calculate } from '../../partition-set/values/calculate.ts';
import type { PartitionEntry } from '../../partition-set/partition-index.ts';
import { isLive, type PartitionSet } from '../../partition-set/partition-set.ts';
import { asWindow, valuesMoment } from '../../windows/accumulators.ts';
import { inDouble } from '../../primitives/numbers/whole-number.ts';
import type { SlidingWindow } from '../../windows/window.ts';

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
  const { now } = set.state;
  const { value: raw, store, window, knowledge } = calculate(set, entry, leaf);
  const value = inDouble(raw);
  const moment = Math.min(changeOf(leaf, store, window, now), knowledge?.moment ?? Infinity);
  if (typeof value !== 'number' || !Number.isFinite(value)) return [undefined, moment];
  if (leaf.spec.isAge !== true) return [value, moment];
  const began = now - value;
  return [began, began > now ? began : Infinity];
}

/** When the next sample enters or leaves. */
function changeOf(leaf: Leaf, store: AccumulatorState, window: SlidingWindow | null, nowMs: number): number {
  if (window === null) return valuesMoment(leaf.spec.store, store, leaf.withinMs, nowMs);
  if (window.isSummarised) return (leaf.spec.ofWindow?.ofSlices ?? slicesMomentOf)(asWindow(store), leaf, nowMs);
  return window.count === 0 ? window.nextEntry : Math.min(window.leavesAt(window.from), window.nextEntry);
}
