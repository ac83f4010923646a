import type { RuleStatus, Severity } from '../../server/wire.ts';
import type { ListedRule, OpenAlert } from '../types.ts';

/** A rule in the list, with no more than the list needs: there may be 10,000 of them. */
export interface RuleRow {
  clientId: string;
  ruleId: string;
  name: string;
  severity: Severity | null;
  status: RuleStatus;
  edition: number | null;
  storedAt: string;
  openAlerts: number;
  /** When it fired last, if one of the newest alerts says it. */
  firedAt: string | null;
  /** `key=value` */
  labels: readonly string[];
  /** What the search looks at, in lower case. */
  searched: string;
}

interface Alerts {
  open: readonly OpenAlert[];
  newest: readonly OpenAlert[];
}

export function ruleRows(clientId: string, rules: readonly ListedRule[], { open, newest }: Alerts): RuleRow[] {
  const counts = new Map<string, number>();
  for (const { ruleId } of open) counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1);
  const fired = new Map<string, string>();
  for (const { ruleId, startsAt } of [...open, ...newest])
    if (startsAt !== null && startsAt > (fired.get(ruleId) ?? '')) fired.set(ruleId, startsAt);
  return rules.map(({ rule, status, edition, storedAt }) => {
    const { id, name = id, description = '', message = '', severity = null, labels = {} } = rule;
    return {
      ...{ clientId, ruleId: id, name, severity, status, edition, storedAt },
      openAlerts: counts.get(id) ?? 0,
      firedAt: fired.get(id) ?? null,
      labels: Object.entries(labels).map((pair) => pair.join('=')),
      searched: [id, name, description, message].join('\n').toLowerCase(),
    };
  });
}
