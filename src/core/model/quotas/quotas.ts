import { z } from 'zod';
import { QUOTA_KINDS, QUOTA_TEXTS, type QuotaKind } from './quota-kinds.ts';

/** More than anybody means. */
const MOST = 1_000_000_000;

const quota = (kind: QuotaKind) => z.int().min(1).max(MOST).nullable().describe(QUOTA_TEXTS[kind]);

/** What one client may use; null: as much as vigil can. */
export const quotas = z.strictObject({
  rules: quota('rules'),
  partitionSets: quota('partitionSets'),
  partitions: quota('partitions'),
  eventsPerSecond: quota('eventsPerSecond'),
  alertsPerMinute: quota('alertsPerMinute'),
  previewSecondsPerHour: quota('previewSecondsPerHour'),
} satisfies Record<QuotaKind, z.ZodType>);
export type Quotas = z.infer<typeof quotas>;

/** What one client has instead of the defaults: what is absent is the default, null is no quota. */
export const quotaOverrides = quotas.partial();
export type QuotaOverrides = z.infer<typeof quotaOverrides>;

/** What holds for a client. */
export function quotasOf(defaults: Quotas, overrides: QuotaOverrides = {}): Quotas {
  const quotas = { ...defaults };
  for (const kind of QUOTA_KINDS) {
    const own = overrides[kind];
    if (own !== undefined) quotas[kind] = own;
  }
  return quotas;
}
