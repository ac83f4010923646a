import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';

export interface RuleApi {
  /** Resolves when the rule is acknowledged. */
  put(rule: Rule): Promise<StoredRule>;
  remove(clientId: string, ruleId: string): Promise<void>;
}

/** Changes rules with the HTTP API. */
export function ruleApi(url: string): RuleApi {
  const address = (clientId: string, ruleId: string): string => `${url}/api/clients/${clientId}/rules/${ruleId}`;
  return {
    async put(rule) {
      const answer = await fetch(address(rule.clientId, rule.id), { method: 'PUT', body: JSON.stringify(rule) });
      if (!answer.ok) throw new Error(`PUT ${rule.id}: ${answer.status} ${await answer.text()}`);
      const { version, storedAt } = (await answer.json()) as { version: number; storedAt: string };
      return { rule, version, storedAtMs: Date.parse(storedAt) };
    },
    async remove(clientId, ruleId) {
      const answer = await fetch(address(clientId, ruleId), { method: 'DELETE' });
      if (!answer.ok) throw new Error(`DELETE ${ruleId}: ${answer.status} ${await answer.text()}`);
    },
  };
}
