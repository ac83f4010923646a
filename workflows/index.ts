export { ruleSet } from './rule-set.ts';
