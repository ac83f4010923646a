import type { Rule } from './rule-schema.ts';

/**
 * A rule as it is stored. `version` grows with every change of any rule; `storedAtMs` (epoch ms, the stream's clock) is when
 * this version was acknowledged: it sees every event stored from then on.
 */
export interface StoredRule {
  rule: Rule;
  version: number;
  storedAtMs: number;
}

/**
 * A rule for people, to whom `version` says little. `edition` counts the rule's own versions since it was created: 1 for the first;
 * null when there are as many as are kept, or more.
 */
export interface CountedRule extends StoredRule {
  edition: number | null;
}

export type RuleChange =
  | ({ kind: 'put' } & StoredRule)
  | { kind: 'delete'; clientId: string; ruleId: string; version: number; storedAtMs: number };
