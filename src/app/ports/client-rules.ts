import type { MetricsPort } from '../../api/ports/service.ts';
import type { QuotasPort } from '../../api/ports/clients.ts';
import type { RulesPort } from '../../api/ports/rules.ts';
import { pauseOfRules, type ClientRecord } from '../../core/model/client-record.ts';
import { BY_VIGIL, type Authorship, type RuleEdit } from '../../core/model/access/authorship.ts';
import { pauseRule, resumeRule, type NewPause } from '../../core/model/stored-rule/pause-edits.ts';
import type { Rule } from '../../core/model/rule/rule-schema.ts';
import { quotasOf } from '../../core/model/quotas/quotas.ts';
import type { CountedRule } from '../../core/model/stored-rule/stored-rule.ts';
import { VigilError } from '../../core/primitives/errors.ts';

type StoredRules = Omit<RulesPort, 'put'> & {
  put(rule: Rule, ifVersion?: number, edit?: RuleEdit, clientPause?: NewPause): Promise<CountedRule>;
};

export interface ClientRulesDeps {
  rules: StoredRules;
  clients: { get(clientId: string): Promise<ClientRecord> };
  quotas: Pick<QuotasPort, 'defaults'>;
  metrics: Pick<MetricsPort, 'overQuota'>;
}

/** A client may be paused and resumed all the time: its rule then has the state of one of these moments. */
const MAX_ATTEMPTS = 10;

/**
 * The rules of clients that may be paused. The pause of a client is written before its rules are listed, and a rule is
 * written before the pause is read: whatever comes first, the rule ends up paused exactly if its client is.
 */
export function clientRules(deps: ClientRulesDeps): RulesPort {
  const { rules, clients } = deps;
  return {
    async put(rule, ifVersion, edit = { ...BY_VIGIL, as: 'put' }) {
      const record = await clients.get(rule.clientId);
      const pause = pauseOfRules(record);
      await refuseOverQuota(deps, rule, record);
      return followClient(deps, await rules.put(rule, ifVersion, edit, pause ?? undefined), edit);
    },
    turn: (address, next, by) => rules.turn(address, next, by),
    get: (clientId, ruleId) => rules.get(clientId, ruleId),
    list: (clientId) => rules.list(clientId),
    history: (clientId, ruleId) => rules.history(clientId, ruleId),
    clients: () => rules.clients(),
    delete: (clientId, ruleId, ifVersion, edit) => rules.delete(clientId, ruleId, ifVersion, edit),
  };
}

/**
 * Refuses a new rule of a client that has as many as it may. Rules that are stored at the same moment may each be the
 * last one. @throws VigilError QUOTA_RULES
 */
async function refuseOverQuota(
  { rules, quotas, metrics }: Pick<ClientRulesDeps, 'rules' | 'quotas' | 'metrics'>,
  { clientId, id }: Rule,
  record: ClientRecord,
): Promise<void> {
  const { rules: quota } = quotasOf(quotas.defaults, record.quotas);
  if (quota === null) return;
  const stored = await rules.list(clientId);
  if (stored.length < quota || stored.some(({ rule }) => rule.id === id)) return;
  metrics.overQuota.inc({ client: clientId, quota: 'rules' });
  const advice = `It is ${quota} rules. Delete rules that the client does not need, or have the quota raised: vigil quotas set ${clientId}.`;
  throw new VigilError('QUOTA_RULES', advice, { clientId, quota, rules: stored.length });
}

/** Pauses a rule that was just stored if its client is paused, and resumes it if that has ended meanwhile. */
export async function followClient(
  { rules, clients }: Pick<ClientRulesDeps, 'clients'> & { rules: Pick<RulesPort, 'turn'> },
  stored: CountedRule,
  edit: Authorship,
): Promise<CountedRule> {
  const { clientId, id: ruleId } = stored.rule;
  let newest = stored;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const record = await clients.get(clientId);
    const pause = pauseOfRules(record);
    if (newest.pause?.of === 'rule' || (pause === null) === (newest.pause === undefined)) break;
    const { by, from } = edit;
    const turned = await rules.turn(
      { clientId, ruleId },
      (before) => (pause === null ? resumeRule(before, record.resumedAs ?? 'publish') : pauseRule(before, pause)),
      { edit: { by, from, as: pause === null ? 'resume' : 'pause' } },
    );
    // Somebody else has done it, or has deleted the rule.
    if (turned === null) break;
    newest = turned;
  }
  return newest;
}
