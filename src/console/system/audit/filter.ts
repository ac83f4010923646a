import { withQuery } from '../../server/query.ts';
import { at } from '../../server/send.ts';

/** As in the address bar; every value is text that anybody may have typed. */
export interface AuditFilter {
  client?: string | undefined;
  rule?: string | undefined;
  action?: string | undefined;
  since?: string | undefined;
}

const HOUR_MS = 3_600_000;
/** What one can choose, with how long ago it is. */
export const SINCE: readonly { value: string; text: string; ms: number }[] = [
  { value: '1h', text: 'last hour', ms: HOUR_MS },
  { value: '24h', text: 'last 24 hours', ms: 24 * HOUR_MS },
  { value: '7d', text: 'last 7 days', ms: 7 * 24 * HOUR_MS },
  { value: '30d', text: 'last 30 days', ms: 30 * 24 * HOUR_MS },
];

const PAGE = 100;

/** Where the API has these entries. `onlyClient`: the user has access to this client only; null: to all. */
export function auditPath(
  { client, rule, action, since }: AuditFilter,
  onlyClient: string | null,
  nowMs: number,
): string {
  const of = onlyClient ?? client ?? '';
  const ago = SINCE.find(({ value }) => value === since);
  return withQuery(of === '' ? '/api/audit' : at`/api/clients/${of}/audit`, {
    ...{ rule, action, limit: String(PAGE) },
    since: ago && new Date(nowMs - ago.ms).toISOString(),
  });
}
