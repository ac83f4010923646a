import type { PartitionSetState } from '../model/partition-set/partition-set-state.ts';
import { LIMITS } from '../primitives/limits.ts';

type Limited = Pick<PartitionSetState, 'partitionsMax'>;

/** How many partitions a set may have: the quota of its client, if that is less than what any set can have. */
export const mostPartitions = ({ partitionsMax = Infinity }: Limited): number =>
  Math.min(LIMITS.partitions, partitionsMax);

/** The quota of partitions from here on; undefined: none. Those that the set has stay. */
export function limitPartitions(state: Limited, partitionsMax: number | undefined): void {
  if (partitionsMax === undefined) delete state.partitionsMax;
  else state.partitionsMax = partitionsMax;
}
