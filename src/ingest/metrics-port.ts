/** Counts the subscriber's work, as it happens. */
export interface SubscriberMetrics {
  eventRead(lane: string): void;
  /** An event that was read matches this many workflows, possibly none. */
  routed(deliveries: number): void;
  /** An event was skipped because its rule has the maximum number of groups. */
  leftOut(): void;
}

/** How far a lane is behind. */
export interface LaneLag {
  lane: string;
  /** Messages that Temporal has not taken yet. What is not read yet counts for each lane: only reading tells whose it is. */
  messages: number;
  /** Age of the oldest of them; 0 where there is none. */
  seconds: number;
  /** Clients that the lane goes on without, while a catch-up reader reads for them. */
  aside: number;
}

export interface TenantQueue {
  clientId: string;
  /** Events that were read and that Temporal has not taken yet. */
  waiting: number;
}

/** A partition set whose events wait in the stream, as it does not keep up with what it was sent. */
export interface HeldPartitionSet {
  workflowId: string;
  /** Epoch ms. */
  sinceMs: number;
  /** What it has not published or passed on yet; null: nobody answers for it. */
  waitingBytes: number | null;
}
