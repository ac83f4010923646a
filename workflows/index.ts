export { ruleSet } from './rule-set.ts';
export { ruleShard } from './rule-shard.ts';
