import type { PartitionState } from '../../model/partition-set/partition-set-state.ts';
import type { Value } from '../../primitives/value.ts';
import { asSample } from '../../windows/accumulators.ts';
import { isAfter } from '../../windows/sample.ts';
import type { PartitionSet } from '../partition-set.ts';

/** The newest value that an event or a setting of the partition brought, else what a setting brought for all. */
export function newestValue(
  { rule, state }: Pick<PartitionSet, 'rule' | 'state'>,
  { stores, settings }: PartitionState,
  slot: number,
): Value | undefined {
  const key = rule.slots[slot]?.key ?? '';
  const [event, own] = [asSample(stores[slot] ?? null), settings?.[key] ?? null];
  const newer = event === null || (own !== null && isAfter(own, event)) ? own : event;
  // `null` is no value: it takes back what the partition had.
  return newer?.[2] ?? state.settings?.[key]?.[2];
}
