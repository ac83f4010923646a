import type { ClientQuotas, Quotas } from '../../server/wire.ts';

export type QuotaKind = keyof Quotas;

export const QUOTAS: readonly [kind: QuotaKind, title: string][] = [
  ['rules', 'Rules'],
  ['partitionSets', 'Partition sets'],
  ['partitions', 'Partitions of each set'],
  ['eventsPerSecond', 'Events per second'],
  ['alertsPerMinute', 'Notifications per minute'],
  ['previewSecondsPerHour', 'Seconds of previews per hour'],
];

export const NONE = 'none';

export const quotaText = (quota: number | null): string => (quota === null ? NONE : String(quota));

/** What the field of an own quota has; empty: the default holds. */
export const fieldText = (own: number | null | undefined): string => (own === undefined ? '' : quotaText(own));

/** The own quotas that the fields say, or what is wrong with one of them. */
export function readFields(
  fields: Readonly<Record<QuotaKind, string>>,
): { own: ClientQuotas['own'] } | { problem: string } {
  const own: ClientQuotas['own'] = {};
  for (const [kind, title] of QUOTAS) {
    const text = fields[kind].trim();
    if (text === '') continue;
    const isNone = text.toLowerCase() === NONE;
    if (!isNone && !/^\d+(\.\d+)?$/.test(text))
      return { problem: `${title}: a number, "${NONE}", or nothing for the default.` };
    own[kind] = isNone ? null : Number(text);
  }
  return { own };
}
