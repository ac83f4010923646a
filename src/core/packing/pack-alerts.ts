import type { PublishedAlerts } from '../evaluation/correction/correct-alerts.ts';
import { packRows, unpackRows, type Rows } from './rows.ts';

/** As a run gets them: older builds wrote them plainly. */
export type StoredAlerts<T extends PublishedAlerts = PublishedAlerts> = T | (Omit<T, 'alerts'> & { packed: Rows });

/** Packs what a set has published, which may be an alert for each of very many partitions. */
export const packAlerts = <T extends PublishedAlerts>({ alerts, ...rest }: T): StoredAlerts<T> => ({
  ...rest,
  packed: packRows(alerts),
});

/** Reads the alerts of this or an older build. */
export function unpackAlerts<T extends PublishedAlerts>(stored: StoredAlerts<T>): T {
  if (!('packed' in stored)) return stored;
  const { packed, ...rest } = stored;
  return { ...rest, alerts: unpackRows(packed) } as unknown as T;
}
