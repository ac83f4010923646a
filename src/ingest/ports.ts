import type { PartitionSetsClient } from '../temporal/client/partition-sets-client.ts';
import type { Log } from '../observability/log.ts';
import type { SubscriberMetrics } from './metrics-port.ts';

import type { VigilEvent } from '../core/model/event/event.ts';
import type { StoredEvent } from '../core/model/event/stored-event.ts';
import type { RuleChange } from '../core/model/stored-rule/stored-rule.ts';
import type { Quotas } from '../core/model/quotas/quotas.ts';
import type { StreamAlert, StreamAlerts } from '../core/model/alert/stream-alerts.ts';
import type { StreamPosition } from './reading/stream-position.ts';

/** The subscriber's dependencies. `src/app` passes those that use NATS and Temporal. */
export interface SubscriberDeps {
  log: EventLogPort;
  lanes: LanesPort;
  rules: RuleFeedPort;
  alerts: AlertLogPort;
  deadLetters: DeadLetterPort;
  sets: PartitionSetsClient;
  logger: Log;
  metrics: SubscriberMetrics;
  /** Absent if tracing is off: the trace of an event then ends here. */
  traces?: EventTraces | undefined;
  /** Absent: no client has a quota. */
  quotas?: ReaderQuotasPort | undefined;
  /** Maximum number of groups of a rule; default LIMITS.groups. */
  groupsPerRule?: number | undefined;
}

/** Which quotas of events hold when. Known before the first event of their time is stored. Times are epoch ms. */
export interface EventQuotasPort {
  /** Null: no quota. */
  eventsPerSecondAt(clientId: string, atMs: number): number | null;
  /** Whether any client has one. */
  limitsEventsAt(atMs: number): boolean;
}

/** The quotas that the subscriber enforces. */
export interface ReaderQuotasPort extends EventQuotasPort {
  of(clientId: string): Pick<Quotas, 'partitionSets' | 'partitions'>;
}

export const NO_READER_QUOTAS: ReaderQuotasPort = {
  eventsPerSecondAt: () => null,
  limitsEventsAt: () => false,
  of: () => ({ partitionSets: null, partitions: null }),
};

export interface EventTraces {
  /** Starts the span of a read event. Returns the span's `traceparent`, for child spans. */
  begin(event: VigilEvent, traceparent: string): { traceparent: string; end(): void };
}

/** A message of the event stream. */
export interface LogMessage extends StoredEvent {
  /** A replay of an event that was over the quota: it counts, although the stream has its id before. */
  isFirstCount?: true;
  /** Messages that the stream held after this one when it was handed out. */
  left: number;
}

/** Messages in the batches in which they arrive. */
export interface LogReading extends AsyncIterable<LogMessage[]> {
  position: () => Promise<ReadingPosition>;
  stop: () => Promise<void>;
}

export interface ReadingPosition {
  /** Messages that the server has not delivered yet. */
  pending: number;
  /** Number of messages that it has delivered. */
  count: number;
  /** The newest sequence that it has delivered or skipped. */
  handedOut: number;
  /** The server's clock, epoch ms. */
  atMs: number;
}

export interface EventLogPort {
  /** Reads in strict stream order, from a sequence or a time (epoch ms) on: all events, or one client's. */
  read: (from: ({ sequence: number } | { timeMs: number }) & { clientId?: string }) => Promise<LogReading>;
  /** The first and last sequence in the stream, and when the first was stored (epoch ms). */
  extent: () => Promise<{ first: number; last: number; firstAtMs: number }>;
}

/**
 * Resolves with the client's watermark once Temporal has accepted every event stored up to `deadlineMs`: lower only if
 * the stream's clock is behind. Epoch ms, the stream's clock. Rejects if another reader has the client's lane, and with
 * the signal's reason.
 */
export type Watermark = (clientId: string, deadlineMs: number, signal: AbortSignal) => Promise<number>;

/** The shared record of a lane. */
export interface LaneRecord extends StreamPosition {
  /** The reader that owns it; null: none. */
  owner: string | null;
  /** Backfill checkpoint: rules up to this version have all their events. */
  rulesVersion: number;
}

export interface LaneEntry {
  record: LaneRecord;
  revision: number;
}

export interface LanesNews {
  lane: (lane: number, entry: LaneEntry) => void;
  /** A reader's heartbeat: its number, and when the server stored it (epoch ms, the server's clock). */
  beat: (reader: string, count: number, atMs: number) => void;
  /** A reader has stopped. */
  left: (reader: string) => void;
}

export interface LanesPort {
  /** Number of lanes; the same for all readers. */
  readonly count: number;
  /** Reports all current records, then every change. Resolves after the current ones, with the function to end it. */
  watch: (news: LanesNews) => Promise<() => void>;
  beat: (reader: string, count: number) => Promise<void>;
  leave: (reader: string) => Promise<void>;
  /** Compare-and-set of a lane's record; `revision` 0: none yet. Resolves with the new revision; null: conflict. */
  write: (lane: number, record: LaneRecord, revision: number) => Promise<number | null>;
}

export interface RuleFeedPort {
  /** Reports every current rule, calls `onCaughtUp`, then reports every change in order. Resolves with its end. */
  watch(
    onChange: (change: RuleChange) => void,
    onCaughtUp: () => void,
    onBad: (key: string, error: Error) => void,
  ): Promise<() => void>;
  /** The stored changes of a rule, oldest first. `isWhole`: none is missing. */
  history(clientId: string, ruleId: string): Promise<{ changes: RuleChange[]; isWhole: boolean }>;
}

export interface AlertLogPort {
  /** By set id: what the stream has of its alerts. Sets without alerts are absent. */
  publishedOf(clientId: string, ruleId: string, setIds: ReadonlySet<string>): Promise<Map<string, PublishedOfSet>>;
}

export interface PublishedOfSet {
  /** When the newest was evaluated, epoch ms. */
  untilMs: number;
  /** As many as fit into one message; null: there are more than shards have room for. */
  stream: StreamAlerts | null;
  /** Reads those that do not fit, in pages of the size of a message; null: all fit. */
  more: (() => AsyncIterable<StreamAlert[]>) | null;
}

export interface DeadLetterPort {
  publish(message: LogMessage, clientId: string, reason: string, detail: string): Promise<void>;
}
