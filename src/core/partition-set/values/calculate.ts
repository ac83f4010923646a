import { valueOf, type Leaf } from '../../compilation/conditions/leaf.ts';
import type { AccumulatorState } from '../../model/partition-set/window-state.ts';
import type { PartitionSet } from '../partition-set.ts';
import { windowOf, type PartitionEntry } from '../partition-index.ts';
import { tidyValues } from '../../windows/accumulators.ts';
import type { SlidingWindow } from '../../windows/window.ts';
import { knowledgeOf, type Knowledge } from './knowledge.ts';

/** The value of a calculation as of the set's clock; undefined without a value. */
export interface Calculated {
  value: unknown;
  store: AccumulatorState;
  window: SlidingWindow | null;
  knowledge: Knowledge | null;
}

export function calculate(set: PartitionSet, entry: PartitionEntry, leaf: Leaf): Calculated {
  const { rule, state } = set;
  const { partition } = entry;
  const slot = leaf.slot < 0 ? undefined : rule.slots[leaf.slot];
  const store = slot === undefined ? null : (partition.stores[leaf.slot] ?? null);
  const window = slot === undefined ? null : windowOf(entry, slot, leaf.slot);
  window?.moveTo(state.now);
  if (slot !== undefined) tidyValues(slot, store, state.now);
  const knowledge = knowledgeOf(set, entry, leaf);
  const isKnown = knowledge?.isKnown ?? true;
  const value = isKnown ? valueOf(leaf, store, window, state.now, partition.last?.timeMs ?? 0) : undefined;
  return { value, store, window, knowledge };
}
