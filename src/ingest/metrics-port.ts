import type { QuotaKind } from '../core/model/quotas/quota-kinds.ts';

/** Counts the subscriber's work. */
export interface SubscriberMetrics {
  eventRead(lane: string): void;
  /** An event that was read matches this many workflows, possibly none. */
  routed(deliveries: number): void;
  /** An event was skipped because its rule has the maximum number of groups. */
  leftOut(): void;
  /** An event was over a quota of its client, for a rule or for all. */
  overQuota(clientId: string, quota: QuotaKind): void;
  /** An event was skipped because the stream had it before, by its id. */
  duplicate(): void;
}

/** Lag of a lane. */
export interface LaneLag {
  lane: string;
  /** Messages that Temporal has not accepted yet. Unread messages count in every lane: their lane is not known yet. */
  messages: number;
  /** Age of the oldest one; 0 if there is none. */
  seconds: number;
  /** Parked clients; named after the metric. */
  aside: number;
}

export interface TenantQueue {
  clientId: string;
  /** Events that were read and that Temporal has not accepted yet. */
  waiting: number;
}

/** A partition set that does not keep up, so its events wait in the stream. */
export interface HeldPartitionSet {
  workflowId: string;
  /** Epoch ms. */
  sinceMs: number;
  /** Bytes that it has not published or forwarded yet; null: it does not answer. */
  waitingBytes: number | null;
}
