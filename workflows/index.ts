import type { PartitionSetInput } from './messages.ts';
import { partitionSet } from './partition-set/partition-set.ts';
import { sharding } from './shard/sharding.ts';

/* The workflow types. Temporal stores their names, so they never change. */

/** One partition set of one rule. */
export const ruleSet = (input: PartitionSetInput): Promise<void> => partitionSet(input, sharding(input));
export { ruleShard } from './shard/shard.ts';
