import type { SubscriberMetrics } from '../../../src/ingest/metrics-port.ts';

const nothing = (): void => undefined;

/** For tests that do not look at the counters. */
export const noMetrics: SubscriberMetrics = {
  eventRead: nothing,
  routed: nothing,
  leftOut: nothing,
  overQuota: nothing,
  duplicate: nothing,
};
