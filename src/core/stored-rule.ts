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

export type RuleChange =
  | ({ kind: 'put' } & StoredRule)
  | { kind: 'delete'; clientId: string; ruleId: string; version: number; storedAtMs: number };
