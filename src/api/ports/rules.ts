import type { Rule } from '../../core/model/rule/rule-schema.ts';
import type { RuleEdit } from '../../core/model/access/authorship.ts';
import type { PauseEdits } from '../../core/model/stored-rule/pause-edits.ts';
import type { RuleVersion } from '../../core/model/stored-rule/rule-version.ts';
import type { CountedRule, StoredRule } from '../../core/model/stored-rule/stored-rule.ts';

export interface RulesPort {
  /**
   * @param ifVersion only if this is the newest version; NO_VERSION: only if the rule does not exist
   * @param edit who changes it, stored with the version
   * @throws VigilError RULE_INVALID, RULE_CHANGED, QUOTA_RULES
   */
  put(rule: Rule, ifVersion?: number, edit?: RuleEdit): Promise<CountedRule>;
  /**
   * Pauses or resumes a rule. `next` returns what is stored with the new version, or null if it changes nothing. Resolves
   * with the rule if it has changed, else with null. @throws VigilError RULE_CHANGED
   */
  turn(
    address: { clientId: string; ruleId: string },
    next: (before: StoredRule) => PauseEdits | null,
    by: { edit: RuleEdit; ifVersion?: number | undefined },
  ): Promise<CountedRule | null>;
  get(clientId: string, ruleId: string): Promise<CountedRule | null>;
  list(clientId: string): Promise<CountedRule[]>;
  /** The stored changes of a rule, oldest first, also of a deleted one. `isWhole`: none is missing. */
  history(clientId: string, ruleId: string): Promise<{ changes: RuleVersion[]; isWhole: boolean }>;
  clients(): Promise<string[]>;
  /** Returns false if the rule did not exist. @throws VigilError RULE_CHANGED */
  delete(clientId: string, ruleId: string, ifVersion?: number, edit?: RuleEdit): Promise<boolean>;
}
