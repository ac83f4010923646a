import type { Quotas } from '../../../src/core/model/quotas/quotas.ts';

export const NO_QUOTAS: Quotas = {
  rules: null,
  partitionSets: null,
  partitions: null,
  eventsPerSecond: null,
  alertsPerMinute: null,
  previewSecondsPerHour: null,
};
