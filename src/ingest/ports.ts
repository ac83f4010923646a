import type { PartitionSetsClient } from '../temporal/client/partition-sets-client.ts';
import type { Log } from '../observability/log.ts';
import type { SubscriberMetrics } from './metrics-port.ts';
import type { VigilEvent } from '../core/model/event.ts';
import type { RuleChange } from '../core/model/stored-rule.ts';
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
  /** Maximum number of groups of a rule; default LIMITS.groups. */
  groupsPerRule?: number | undefined;
}

export interface EventTraces {
  /** Begins the span of an event that was read. `traceparent`: the span's, for what follows from it. */
  begin(event: VigilEvent, traceparent: string): { traceparent: string; end(): void };
}

/** A message of the event stream. */
export interface LogMessage extends StreamPosition {
  subject: string;
  bytes: Uint8Array;
  /** The header of that name. */
  traceparent?: string;
  /** Messages that the stream held after this one when it was handed out. */
  left: number;
}

/** Messages in the batches in which they arrive. */
export interface LogReading extends AsyncIterable<LogMessage[]> {
  position: () => Promise<ReadingPosition>;
  stop: () => Promise<void>;
}

export interface ReadingPosition {
  /** What the server has not handed out yet. */
  pending: number;
  /** How many messages it has handed out. */
  count: number;
  /** The newest sequence that it has handed out, or passed over. */
  handedOut: number;
  /** The server's clock, epoch ms. */
  atMs: number;
}

export interface EventLogPort {
  /** Strict stream order, from a sequence or a moment on; all events, or one client's. */
  read: (from: ({ sequence: number } | { timeMs: number }) & { clientId?: string }) => Promise<LogReading>;
  /** The first and last sequence that it holds, and when the first was stored (epoch ms). */
  extent: () => Promise<{ first: number; last: number; firstAtMs: number }>;
}

/**
 * Resolves once every event of the client stored up to `deadlineMs` has been taken by Temporal: with the moment (epoch ms, the stream's
 * clock) up to which that is so. Rejects where another reader has the client's lane, and when the signal says that nobody waits any more.
 */
export type SeenUntil = (clientId: string, deadlineMs: number, signal: AbortSignal) => Promise<number>;

/** A lane, as all readers know it. */
export interface LaneRecord extends StreamPosition {
  /** The reader that has it; null: it is free. */
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
  /** A reader has ended. */
  left: (reader: string) => void;
}

export interface LanesPort {
  /** How many lanes there are: all readers agree. */
  readonly count: number;
  /** All as it stands, then every change. Resolves, once all that stood has been reported, with what ends it. */
  watch: (news: LanesNews) => Promise<() => void>;
  beat: (reader: string, count: number) => Promise<void>;
  leave: (reader: string) => Promise<void>;
  /** Writes a lane's record unless somebody else has meanwhile: then null, else the new revision. 0: it has none yet. */
  write: (lane: number, record: LaneRecord, revision: number) => Promise<number | null>;
}

export interface RuleFeedPort {
  /** Reports every current rule, calls `onCaughtUp`, then reports every change in order. Returns the function that ends it. */
  watch(
    onChange: (change: RuleChange) => void,
    onCaughtUp: () => void,
    onBad: (key: string, error: Error) => void,
  ): Promise<() => void>;
  /** What the rule was, change by change, the oldest first, as far back as is kept. */
  history(clientId: string, ruleId: string): Promise<{ changes: RuleChange[]; isWhole: boolean }>;
}

export interface AlertLogPort {
  /** When the newest alert on the stream of each of these partition sets of a rule was evaluated, epoch ms, by set; of those that have any. */
  newestOf(clientId: string, ruleId: string, setIds: ReadonlySet<string>): Promise<Map<string, number>>;
}

export interface DeadLetterPort {
  publish(message: LogMessage, clientId: string, reason: string, detail: string): Promise<void>;
}
