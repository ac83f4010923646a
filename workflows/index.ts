export { ruleSet } from './partition-set/partition-set.ts';
export { ruleShard } from './shard/shard.ts';
