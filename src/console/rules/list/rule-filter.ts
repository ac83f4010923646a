import type { RuleStatus } from '../../server/wire.ts';
import { queryOf } from '../addresses.ts';
import type { RuleRow } from './rule-row.ts';

export const STATUSES: readonly RuleStatus[] = ['firing', 'pending', 'inactive', 'paused', 'disabled', 'unknown'];

export interface RuleFilter {
  text: string;
  /** Empty: of all clients. */
  client: string;
  /** One of them; empty: any. */
  statuses: readonly RuleStatus[];
  /** All of them, `key=value`. */
  labels: readonly string[];
}

export function filterOf(url: string): RuleFilter {
  const query = queryOf(url);
  return {
    text: query.get('text') ?? '',
    client: query.get('client') ?? '',
    statuses: STATUSES.filter((status) => query.getAll('status').includes(status)),
    labels: query.getAll('label'),
  };
}

export const isFiltering = ({ text, client, statuses, labels }: RuleFilter): boolean =>
  text !== '' || client !== '' || statuses.length > 0 || labels.length > 0;

/** The rows that the filter wants: the worst status first, then by client and name. */
export function filteredRows(rows: readonly RuleRow[], { text, client, statuses, labels }: RuleFilter): RuleRow[] {
  const wanted = text.trim().toLowerCase();
  return rows
    .filter(
      (row) =>
        (client === '' || row.clientId === client) &&
        (statuses.length === 0 || statuses.includes(row.status)) &&
        labels.every((label) => row.labels.includes(label)) &&
        row.searched.includes(wanted),
    )
    .sort(inOrder);
}

function inOrder(a: RuleRow, b: RuleRow): number {
  const byStatus = STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status);
  if (byStatus !== 0) return byStatus;
  return compare(a.clientId, b.clientId) || compare(a.name, b.name) || compare(a.ruleId, b.ruleId);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** How many rules have each status, whatever the filter says of statuses. */
export function statusCounts(rows: readonly RuleRow[], filter: RuleFilter): Map<RuleStatus, number> {
  const counts = new Map<RuleStatus, number>();
  for (const { status } of filteredRows(rows, { ...filter, statuses: [] }))
    counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

/** The labels of the rules, most frequent first. */
export function labelsOf(rows: readonly RuleRow[], most: number): string[] {
  const counts = new Map<string, number>();
  for (const label of rows.flatMap(({ labels }) => labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || compare(a, b))
    .slice(0, most)
    .map(([label]) => label);
}
