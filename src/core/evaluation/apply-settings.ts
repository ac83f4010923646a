import type { Cause } from '../model/alert/cause.ts';
import type { ProjectedEvent } from '../model/event/projected-event.ts';
import type { Sample } from '../model/partition-set/window-state.ts';
import { isLive, weigh, type PartitionSet } from '../partition-set/partition-set.ts';
import type { PartitionEntry } from '../partition-set/partition-index.ts';
import { settingsWeight, weightOf } from '../partition-set/weight.ts';
import { isAfter } from '../windows/sample.ts';
import { staleMoment, updateAnswers, valueFor } from './partition/evaluate-partition.ts';
import { reevaluatePartition, reevaluateSet } from './reevaluate.ts';

/* Events that only bring values for operands: no calculation takes them, and they make no partition live. */

/**
 * @param entry the partition of the event; null: all partitions, except where they have their own value
 * @param place where the event belongs in the order of the set
 */
export function applySettings(
  set: PartitionSet,
  entry: PartitionEntry | null,
  event: ProjectedEvent,
  { position, sequence }: Pick<Cause, 'position' | 'sequence'>,
): void {
  const { state, rule } = set;
  if (entry === null) {
    const before = settingsWeight(state.settings);
    keep(set, state, event);
    set.weight += settingsWeight(state.settings) - before;
  } else {
    keep(set, entry.partition, event);
    weigh(set, entry, weightOf(rule, entry));
  }
  state.counters.applied += 1;
  // Whatever its own time is, it changes nothing before the clock at which it is taken, and proves nothing.
  const cause: Cause = { at: state.now, ceased: 'cleared', byClock: false, causedBy: entry?.partition };
  if (position !== undefined) cause.position = position;
  if (sequence !== undefined) cause.sequence = sequence;
  const concerned = entry === null ? [...set.index.all()] : [entry];
  const isDue = ({ partition }: PartitionEntry): boolean => state.now >= staleMoment(set, partition);
  // What has expired at this moment is for the deadline of this moment.
  for (const each of concerned) if (isLive(each.partition) && !isDue(each)) updateAnswers(set, each, true, cause);
  for (const each of concerned) if (!isDue(each)) reevaluatePartition(set, each, cause);
  reevaluateSet(set, set.piece?.record === undefined ? [] : concerned, cause, entry === null);
}

/** Keeps the newest value of each operand, by the key of its slot. */
function keep({ rule }: PartitionSet, owner: { settings?: Record<string, Sample> }, event: ProjectedEvent): void {
  for (const place of rule.settings?.slots ?? []) {
    const slot = rule.slots[place];
    const value = slot === undefined ? undefined : valueFor(slot, event);
    if (slot === undefined || value === undefined) continue;
    const known = owner.settings?.[slot.key];
    const sample: Sample = [event.time, event.seq, value];
    if (known === undefined || isAfter(sample, known)) (owner.settings ??= {})[slot.key] = sample;
  }
}
