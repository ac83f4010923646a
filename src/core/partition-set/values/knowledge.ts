import type { Leaf } from '../../compilation/conditions/leaf.ts';
import type { Accumulator } from '../../model/partition-set/window-state.ts';
import { windowOf, type PartitionEntry } from '../partition-index.ts';
import type { PartitionSet } from '../partition-set.ts';
import { asWindow } from '../../windows/accumulators.ts';
import { slicesMoment } from '../../windows/slices.ts';

/* `whenFull`, and `minSamples` of `distinct`: a value is unknown although its own window would give one. */

export interface Knowledge {
  isKnown: boolean;
  /** The next time at which this may change without an event, epoch ms, or Infinity. */
  moment: number;
}

/** Whether the value of a calculation is known, as of the set's clock. */
export function knowledgeOf(set: PartitionSet, entry: PartitionEntry, leaf: Leaf): Knowledge | null {
  if (leaf.knowledge === null) return null;
  const { counted, last, whenFull } = leaf.knowledge;
  const samples = counted < 0 ? EVER : held(set, entry, counted, leaf.minSamples);
  if (!whenFull) return samples;
  const byTime = filledByTime(set, entry, leaf);
  if (byTime.isKnown) return samples;
  const full = last === null ? byTime : filledByEither(byTime, held(set, entry, leaf.slot, last));
  return { isKnown: full.isKnown && samples.isKnown, moment: Math.min(full.moment, samples.moment) };
}

const EVER: Knowledge = { isKnown: true, moment: Infinity };

const filledByEither = (byTime: Knowledge, byCount: Knowledge): Knowledge => ({
  isKnown: byCount.isKnown,
  moment: Math.min(byTime.moment, byCount.moment),
});

function filledByTime(set: PartitionSet, entry: PartitionEntry, { withinMs }: Leaf): Knowledge {
  const at = knownSince(set, entry) + withinMs;
  return at <= set.state.now ? EVER : { isKnown: false, moment: at };
}

/** Whether the window of a slot holds at least so many samples. */
function held({ rule, state }: PartitionSet, entry: PartitionEntry, place: number, least: number): Knowledge {
  const slot = rule.slots[place] as Accumulator;
  const window = windowOf(entry, slot, place);
  if (window === null) return EVER;
  window.moveTo(state.now);
  const isKnown = window.samplesAt(state.now) >= least;
  if (window.isSummarised)
    return { isKnown, moment: slicesMoment(asWindow(entry.partition.stores[place] ?? null), slot.withinMs, state.now) };
  return { isKnown, moment: isKnown ? window.leavesAt(window.to - least) : window.nextEntry };
}

/** Since when the events of a partition are known, epoch ms; Infinity before its first event. */
function knownSince({ state }: PartitionSet, { partition, isExpected }: PartitionEntry): number {
  return partition.knownSince ?? (isExpected ? state.startedAt : Infinity);
}

/** Takes note of an event, for a rule with windows that must be full. */
export function noteKnown({ partition, isExpected }: PartitionEntry, timeMs: number): void {
  if (isExpected && partition.knownSince === undefined) return;
  partition.knownSince = Math.min(partition.knownSince ?? Infinity, timeMs);
}
