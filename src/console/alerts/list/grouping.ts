import type { AlertSummary } from '../../server/wire.ts';
import { SEVERITIES, type Filters } from './filters.ts';

export interface AlertGroup {
  /** Empty: there is only this group. */
  name: string;
  alerts: AlertSummary[];
}

const LABEL = 'label:';

/** Newest: the alert that began last comes first. */
export function inOrder(alerts: readonly AlertSummary[], order: Filters['order']): AlertSummary[] {
  const byTime = [...alerts].sort((a, b) => beginOf(b).localeCompare(beginOf(a)) || b.sequence - a.sequence);
  if (order === 'newest') return byTime;
  return byTime.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

const beginOf = ({ startsAt, updatedAt }: AlertSummary): string => startsAt ?? updatedAt;

/** Groups in the order of their first alerts. */
export function grouped(alerts: readonly AlertSummary[], by: string): AlertGroup[] {
  const groups = new Map<string, AlertGroup>();
  for (const alert of alerts) {
    const name = groupOf(alert, by);
    const group = groups.get(name) ?? { name, alerts: [] };
    groups.set(name, group);
    group.alerts.push(alert);
  }
  return [...groups.values()];
}

function groupOf({ clientId, ruleId, labels }: AlertSummary, by: string): string {
  if (by === 'rule') return `${clientId} / ${ruleId}`;
  if (by === 'client') return clientId;
  if (!by.startsWith(LABEL)) return '';
  const label = by.slice(LABEL.length);
  return Object.hasOwn(labels, label) ? `${label}: ${labels[label]}` : `without ${label}`;
}

/** The names of all labels, for the choice of the group. */
export const labelsOf = (alerts: readonly AlertSummary[]): string[] =>
  [...new Set(alerts.flatMap(({ labels }) => Object.keys(labels)))].sort();
