import type { z } from 'zod';
import type { ExplainRequest } from '../core/explain/explain.ts';
import type { PartitionPage, PartitionsRequest } from '../core/explain/list-partitions.ts';
import type { Explanation } from '../core/explain/explanation.ts';
import type { AlertEnvelope } from '../core/model/alert/alert.ts';
import type { CloudEventHeaders } from '../core/model/event/cloud-event.ts';
import type { ActionInput, ActionResult, AlertAction } from '../core/model/alert/operator-action.ts';
import type { AlertRecord } from '../core/read-model/alert-record.ts';
import type { DegradedReason } from '../core/health/degraded.ts';
import type { Rule } from '../core/model/rule/rule-schema.ts';
import type { AuditAction, AuditEntry } from '../core/model/access/audit.ts';
import type { RuleEdit } from '../core/model/access/authorship.ts';
import type { ClientRecord } from '../core/model/client-record.ts';
import type { PauseEdits } from '../core/model/stored-rule/pause-edits.ts';
import type { RuleVersion } from '../core/model/stored-rule/rule-version.ts';
import type { QuotaKind } from '../core/model/quotas/quota-kinds.ts';
import type { Quotas } from '../core/model/quotas/quotas.ts';
import type { CountedRule, StoredRule } from '../core/model/stored-rule/stored-rule.ts';
import type { Access, AccessToken } from '../core/model/access/access.ts';
import type { DeadLetterSummary } from './schemas/dead-letters.ts';
import type { Machine, MachineState } from './schemas/machines.ts';
import type { health } from './schemas/service.ts';

export type { DeadLetterSummary, Machine, MachineState };

/** The ports that the API depends on. `src/app` passes the adapters, tests pass fakes. */
export interface ApiDeps {
  rules: RulesPort;
  clients: ClientsPort;
  quotas: QuotasPort;
  archive: EventArchivePort;
  sets: SetsPort;
  events: EventsPort;
  alerts: AlertRecordsPort;
  deadLetters: DeadLetterStorePort;
  codec: CodecPort;
  audit: AuditPort;
  tokens: TokensPort;
  authenticator: Authenticator;
  live: LivePort;
  health: () => HealthReport;
  metrics: MetricsPort;
  /** Absent when the simulator is off. */
  machines?: MachinesPort;
  /** Links that the console shows. */
  links: { temporalUi: string | null; temporalNamespace: string; nats: string };
}

export interface RulesPort {
  /**
   * @param ifVersion only if this is the newest version; NO_VERSION: only if the rule does not exist
   * @param edit who changes it, stored with the version
   * @throws VigilError RULE_INVALID, RULE_CHANGED, QUOTA_RULES
   */
  put(rule: Rule, ifVersion?: number, edit?: RuleEdit): Promise<CountedRule>;
  /**
   * Pauses or resumes a rule. `next` returns what is stored with the new version, or null if it changes nothing. Resolves
   * with the rule if it has changed, else with null. @throws VigilError RULE_CHANGED
   */
  turn(
    address: { clientId: string; ruleId: string },
    next: (before: StoredRule) => PauseEdits | null,
    by: { edit: RuleEdit; ifVersion?: number | undefined },
  ): Promise<CountedRule | null>;
  get(clientId: string, ruleId: string): Promise<CountedRule | null>;
  list(clientId: string): Promise<CountedRule[]>;
  /** The stored changes of a rule, oldest first, also of a deleted one. `isWhole`: none is missing. */
  history(clientId: string, ruleId: string): Promise<{ changes: RuleVersion[]; isWhole: boolean }>;
  clients(): Promise<string[]>;
  /** Returns false if the rule did not exist. @throws VigilError RULE_CHANGED */
  delete(clientId: string, ruleId: string, ifVersion?: number, edit?: RuleEdit): Promise<boolean>;
}

/** What vigil keeps of clients. Both methods @throws VigilError NATS_UNREACHABLE, CLIENT_UNREADABLE */
export interface ClientsPort {
  get(clientId: string): Promise<ClientRecord>;
  /** Stores what `next` makes of the record. Resolves with it; with null if `next` changes nothing. */
  change(clientId: string, next: (before: ClientRecord) => ClientRecord | null): Promise<ClientRecord | null>;
}

/** The quotas of clients as this process knows them: changes arrive within moments. */
export interface QuotasPort {
  /** What holds for clients without own ones. */
  readonly defaults: Quotas;
  of(clientId: string): Quotas;
  /** Null: no quota. Epoch ms. */
  eventsPerSecondAt(clientId: string, atMs: number): number | null;
}

/** An event as the stream stored it. */
export interface StoredEvent {
  subject: string;
  sequence: number;
  /** Epoch ms. */
  storedAtMs: number;
  bytes: Uint8Array;
  /** Absent if the headers say nothing of CloudEvents. */
  cloudEvent?: CloudEventHeaders;
  /** An earlier event with the same id counts instead. */
  isRepetition?: boolean;
}

export interface EventArchivePort {
  /**
   * The events of these clients, oldest first, from `sinceMs` on, up to the newest one now. `total`: how many;
   * `atMs`: the stream's clock now. @throws VigilError NATS_UNREACHABLE
   */
  read(from: {
    sinceMs: number;
    clientIds: readonly string[];
  }): Promise<AsyncIterable<StoredEvent> & { total: number; atMs: number }>;
  /** Some of the newest events of a client, oldest first, within 2 seconds or so. @throws VigilError NATS_UNREACHABLE */
  newest(clientId: string): Promise<StoredEvent[]>;
  /** Sequence of the oldest event of the stream and when it was stored, epoch ms. @throws VigilError NATS_UNREACHABLE */
  extent(): Promise<{ first: number; firstAtMs: number }>;
}

/** One partition set (one workflow), from Temporal's visibility store. */
export interface SetSummary {
  workflowId: string;
  clientId: string;
  ruleId: string;
  status: 'inactive' | 'pending' | 'firing';
}

export interface SetsPort {
  /** Answers within 2 seconds. @throws VigilError TEMPORAL_UNREACHABLE */
  list(clientId: string): Promise<SetSummary[]>;
  /** Some partitions of a partition set or shard; null if it does not run. @throws VigilError TEMPORAL_UNREACHABLE */
  partitions(workflowId: string, request: PartitionsRequest): Promise<PartitionPage | null>;
  /** The answer of a partition set or shard; null if it does not run. @throws VigilError TEMPORAL_UNREACHABLE */
  explain(workflowId: string, request: ExplainRequest): Promise<Explanation | null>;
  /**
   * Acts on an alert of a partition set; resolves when its workflow has applied the action.
   * @throws VigilError ACTION_INVALID, PARTITION_SET_NOT_FOUND, PARTITION_NOT_FOUND, ALERT_NOT_FIRING, ALERT_EPISODE_OVER,
   *   PARTITION_SET_BUSY, PARTITION_SET_FULL, TEMPORAL_UNREACHABLE
   */
  act(setId: string, action: AlertAction, input: ActionInput): Promise<ActionResult>;
  /**
   * Has a partition set rebuild itself from the event stream; resolves when that has begun.
   * @throws VigilError PARTITION_SET_NOT_FOUND, PARTITION_SET_BUSY, TEMPORAL_UNREACHABLE
   */
  reset(setId: string, by: string): Promise<void>;
  /**
   * Resets the workflow of a partition set to a time, epoch ms; resolves with the place in its history when it runs
   * again. `dryRun`: only finds the place. @throws VigilError PARTITION_SET_NOT_FOUND, RESET_IMPOSSIBLE,
   *   TEMPORAL_UNREACHABLE
   */
  resetTo(
    setId: string,
    atMs: number,
    how: { by: string; dryRun: boolean },
  ): Promise<{
    runId: string;
    eventId: string;
    atMs: number;
    /** It reads the events stored since then. */ readsFromMs: number;
  }>;
}

/** The read model of alerts. Every method @throws VigilError NATS_UNREACHABLE */
export interface AlertRecordsPort {
  /** Newest change first. Pass `next` as `before` to get the next page; null on the last page. */
  list(query: {
    clientId: string;
    ruleId?: string | undefined;
    /** Only alerts that fire now. */
    onlyOpen: boolean;
    isWanted: (record: AlertRecord) => boolean;
    limit: number;
    before?: number | undefined;
  }): Promise<{ alerts: { id: string; record: AlertRecord }[]; next: number | null }>;
  get(clientId: string, id: string): Promise<AlertRecord | null>;
  /**
   * Publishes these ends of alerts that nothing decides any more.
   * @throws VigilError ALERT_RECORDS_BEHIND if the records may lack ends that were published long ago
   */
  close(alerts: readonly AlertEnvelope[]): Promise<void>;
  /** Builds all records again from the alert stream; resolves when that has begun. */
  rebuild(): Promise<void>;
}

export interface EventSent {
  /** Identifies the event among those of its client. */
  id?: string | undefined;
  cloudEvent?: CloudEventHeaders | undefined;
}

export interface EventsPort {
  /**
   * Publishes to `events.<clientId>.<type>`; resolves when the stream has stored the event. `duplicate`: it had stored
   * an event of the client with the same id, which has this sequence. @throws VigilError NATS_UNREACHABLE
   */
  publish: (
    clientId: string,
    type: string,
    data: Record<string, unknown>,
    sent?: EventSent,
  ) => Promise<{ sequence: number; duplicate: boolean }>;
  /** Publishes a test alert with the label `test: "true"` to the alert stream. */
  publishTestAlert(clientId: string): Promise<{ id: string }>;
}

export interface DeadLetter extends DeadLetterSummary {
  /** The original bytes of the event; only the first part if `isWhole` is false. */
  payload: Uint8Array;
  isWhole: boolean;
  /** What the headers of the event say of CloudEvents. */
  cloudEvent?: CloudEventHeaders;
}

/** Every method @throws VigilError NATS_UNREACHABLE */
export interface DeadLetterStorePort {
  /** Newest first. Pass `next` as `before` to get the next page; null on the last page. */
  list(query: {
    clientId?: string | undefined;
    reason?: string | undefined;
    limit: number;
    before?: number | undefined;
  }): Promise<{ deadLetters: DeadLetterSummary[]; next: number | null }>;
  get(sequence: number): Promise<DeadLetter | null>;
  /**
   * Publishes the event, then drops the dead letter. The stream stores a repeated replay within its duplicate window
   * once.
   */
  replay(
    deadLetter: DeadLetterSummary,
    event: { subject: string; payload: Uint8Array; cloudEvent?: CloudEventHeaders | undefined },
  ): Promise<{ sequence: number }>;
  /** Returns false if the dead letter did not exist. */
  drop(sequence: number): Promise<boolean>;
}

/** A payload of Temporal. */
export interface Payload {
  metadata?: Record<string, Uint8Array> | null;
  data?: Uint8Array | null;
}

/** Encrypts and decrypts what Temporal stores. */
export interface CodecPort {
  /** The client of an encrypted payload, null if it is of none; undefined if the payload is not encrypted. */
  ownerOf(payload: Payload): string | null | undefined;
  /** Encrypts, if there are keys. */
  seal(payload: Payload, clientId: string): Payload;
  /** @throws VigilError ENCRYPTION_KEY_UNKNOWN, PAYLOAD_UNREADABLE */
  open(payload: Payload): Payload;
}

export interface AuditPort {
  /** Resolves when the entry is stored, or when vigil has logged that it is not. Never rejects. */
  record(entry: AuditEntry): Promise<void>;
  /**
   * Newest first. Pass `next` as `before` to get the next page; null on the last page.
   * @throws VigilError NATS_UNREACHABLE
   */
  list(query: {
    /** Absent: of all clients, and what concerns none. */
    clientId?: string | undefined;
    ruleId?: string | undefined;
    action?: AuditAction | undefined;
    /** Epoch ms. */
    sinceMs?: number | undefined;
    limit: number;
    before?: number | undefined;
  }): Promise<{ entries: AuditEntry[]; next: number | null }>;
}

/** The tokens, also expired and revoked ones. They are in memory, so that a request does not wait for NATS. */
export interface TokensPort {
  all(): readonly AccessToken[];
  get(id: string): AccessToken | undefined;
  /** Creates or replaces a token. @throws VigilError NATS_UNREACHABLE */
  put(token: AccessToken): Promise<void>;
}

export interface Authenticator {
  /** Whether requests need a token. Without any, vigil listens on this machine only, and everybody is admin. */
  isOn(): boolean;
  /** Whether a token outside of TokensPort lets an admin in, or an identity provider does. */
  hasOthers: boolean;
  /** Null if the token lets nobody in. */
  accessOf(token: string): Promise<Access | null>;
}

export type LiveMessage =
  | { kind: 'event'; clientId: string; type: string; sequence: number; time: string; data: Record<string, unknown> }
  | { kind: 'alert'; sequence: number; alert: AlertEnvelope };

/** Sequences of the event stream and the alert stream up to which a reader has everything. */
export interface LivePlace {
  event: number;
  alert: number;
}

export interface LivePort {
  /** Calls `listener` for every new event and alert. Returns a function that unsubscribes. */
  subscribe(listener: (message: LiveMessage) => void): () => void;
  /** Up to where `subscribe` has called its listeners. */
  place(): LivePlace;
  /**
   * What the streams have after a place, up to now: events in their order, then alerts in theirs. `clientId`: only those
   * of this client. Null if the streams lack some of it.
   */
  since(place: LivePlace, clientId?: string): Promise<AsyncIterable<LiveMessage[]> | null>;
}

export interface HealthReport extends Omit<z.infer<typeof health>, 'reasons'> {
  reasons: ({ part: string } & DegradedReason)[];
}
export type PartState = HealthReport['parts'][string]['state'];

export interface MetricsPort {
  /** All metrics in the Prometheus text format. */
  text(): Promise<string>;
  /** Content type of `text()`. */
  contentType: string;
  httpSeconds: { observe(labels: { method: string; route: string; status: number }, seconds: number): void };
  /** Counts what is refused or held back because of a quota. */
  overQuota: { inc(labels: { client: string; quota: QuotaKind }): void };
  previewsRunning: { inc(): void; dec(): void };
  previewsRefused: { inc(): void };
  previewSeconds: { observe(seconds: number): void };
}

export interface MachinesPort {
  list(): Machine[];
  start(clientId: string, machineId?: string): void;
  stop(clientId: string, machineId?: string): void;
  /** The machine works on, but sends no events. */
  silence(clientId: string, machineId?: string): void;
  /** It sends events again, first its state. */
  unsilence(clientId: string, machineId?: string): void;
  /** Returns the machines to the simulation; none is silent. */
  release(clientId: string): void;
}
