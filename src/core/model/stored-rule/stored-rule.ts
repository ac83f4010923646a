import type { RulePause, RuleResume } from './rule-pause.ts';
import type { Rule } from '../rule/rule-schema.ts';

/**
 * A rule as stored. `version` increases with every change of any rule. `storedAtMs` (epoch ms, the stream's clock) is
 * when this version was acknowledged: it sees every event stored from then on.
 */
export interface StoredRule {
  rule: Rule;
  version: number;
  storedAtMs: number;
  /** Absent while it runs. */
  pause?: RulePause;
  /** How it was last resumed; absent if it never was. */
  resumed?: RuleResume;
}

/**
 * A rule with a number for people. `edition` counts the rule's own versions since its creation, from 1; null if there
 * are at least as many as the history keeps.
 */
export interface CountedRule extends StoredRule {
  edition: number | null;
}

export type RuleChange =
  | ({ kind: 'put' } & StoredRule)
  | { kind: 'delete'; clientId: string; ruleId: string; version: number; storedAtMs: number };

/** Instead of the version that a change expects: the rule must not exist. */
export const NO_VERSION = 0;
