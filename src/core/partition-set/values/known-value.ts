import type { Leaf } from '../../compilation/conditions/leaf.ts';
import type { PartitionState } from '../../model/partition-set/partition-set-state.ts';
import type { Value } from '../../primitives/value.ts';
import { calculate } from './calculate.ts';
import { partitionKey } from '../partition-index.ts';
import type { PartitionSet } from '../partition-set.ts';

/**
 * The value of a calculation as of the set's clock, for people; undefined while it is unknown. From the state alone,
 * unless `whenFull` or `minSamples` may make it unknown: that takes the window.
 */
export function knownValue(set: PartitionSet, partition: PartitionState, leaf: Leaf): Value | undefined {
  const { state, index } = set;
  if (mayWait(leaf)) {
    const entry = index.get(partitionKey(partition.key));
    return entry && (calculate(set, entry, leaf).value as Value | undefined);
  }
  return leaf.spec.value(partition.stores[leaf.slot] ?? null, state.now, leaf.withinMs, partition.last?.timeMs ?? 0);
}

const mayWait = ({ knowledge, minSamples, spec }: Leaf): boolean =>
  knowledge !== null || minSamples > (spec.needsSamples ?? 0);
