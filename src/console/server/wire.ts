/** The API types that the console reads. A test compares them with the types of the API. */

export type MachineState = 'stopped' | 'starting' | 'running';
export type Severity = 'info' | 'warning' | 'critical';
export type RuleStatus = 'inactive' | 'pending' | 'firing' | 'paused' | 'disabled' | 'unknown';

export interface Machine {
  clientId: string;
  machineId: string;
  state: MachineState;
  held: boolean;
  silent: boolean;
}

export interface RuleEntry {
  rule: { id: string; name?: string | undefined; severity?: Severity | undefined };
  /** 1 for the first version of the rule; null: more versions than vigil counts. */
  edition: number | null;
  status: RuleStatus;
}

/** A page of a list: `next` is the cursor of the next page. */
export interface Page {
  next: string | null;
}

/** An error (RFC 9457). */
export interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  fields?: Record<string, unknown>;
}

export interface AlertMessage {
  id: string;
  time: string;
  data: {
    clientId: string;
    ruleId: string;
    status: string;
    severity: Severity;
    message: string;
    labels: Record<string, string>;
  };
}

/** An alert in the list of a client. */
export interface AlertEntry {
  ruleId: string;
  status: string;
  /** Of its newest transition in the alert stream. */
  sequence: number;
  updatedAt: string;
  severity: Severity;
  message: string;
  labels: Record<string, string>;
}

/** Who did something about an alert, and when. */
export interface AlertMark {
  by: string;
  at: string;
  note?: string | undefined;
}

export interface AlertMarks {
  /** While it is acknowledged. */
  acknowledged?: AlertMark | undefined;
  /** Until its end, which may have passed. */
  snoozed?: (AlertMark & { until: string }) | undefined;
}

/** Properties and their values. */
export type Key = Record<string, unknown>;

/** An alert as the lists have it. */
export interface AlertSummary extends AlertEntry, AlertMarks {
  id: string;
  clientId: string;
  group: Key;
  partition: Key;
  episode: number;
  /** `notice`: published once, without an end. */
  state: 'firing' | 'resolved' | 'notice';
  startsAt: string | null;
  endsAt: string | null;
  /** While it is latched: since when its condition does not hold. */
  stoppedAt?: string | undefined;
}

export interface Evidence {
  items: { partition: Key; sequence: number; time: string; value?: unknown }[];
  total: number;
}

export interface AlertTransition {
  sequence: number;
  status: string;
  reason: string;
  severity: Severity;
  at: string;
  message: string;
  action?: (AlertMark & { until?: string | undefined }) | undefined;
  /** Null for all but the first and the newest one. */
  evidence: Evidence | null;
}

/** The life of one alert. */
export interface AlertRecord extends AlertSummary {
  transitions: AlertTransition[];
  /** Transitions left out after the first one. */
  omitted: number;
}

/** The values around an alert. `text` null: its rule compares no calculation with numbers. */
export interface AlertValues {
  property: string | null;
  calc: string | null;
  /** The calculation, such as `avg(celsius, 5m)`. */
  text: string | null;
  thresholds: { word: string; value: number; severity: Severity }[];
  from: string;
  to: string;
  /** A value of null is none, or unknown. */
  points: { at: string; value: number | null }[];
  isWhole: boolean;
}

/** One alert after an action, or why there was none. */
export type AlertActed =
  | ({ id: string; changed: boolean; state: 'inactive' | 'pending' | 'firing' } & AlertMarks)
  | { id: string; problem: Problem };

export type LiveMessage =
  | { kind: 'event'; clientId: string; type: string; sequence: number; time: string; data: Record<string, unknown> }
  | { kind: 'alert'; sequence: number; alert: AlertMessage };

export interface Health {
  status: 'ok' | 'degraded' | 'starting' | 'down';
  parts: Record<string, { state: 'starting' | 'up' | 'degraded' | 'down' | 'off'; detail?: string | undefined }>;
  reasons: { part: string; code: string; message: string; since: string }[];
  reasonCount: number;
}

/** A process of vigil. */
export interface VigilProcess {
  id: string;
  host: string;
  pid: number;
  version: string;
  startedAt: string;
  lastSeenAt: string;
  parts: Record<string, Health['parts'][string]['state']>;
  lanes: number[];
}

/** `pollers`: workers that ask Temporal for tasks; null: Temporal does not answer. */
export interface ProcessList {
  processes: VigilProcess[];
  pollers: { identity: string; polledAt: string }[] | null;
}

export interface Links {
  temporalUi: string | null;
  temporalNamespace: string;
  nats: string;
}

export type Role = 'sender' | 'viewer' | 'operator' | 'editor' | 'admin';

/** Who is logged in. */
export interface Session {
  /** False: there is no token yet, and everybody on this machine is admin. */
  needsToken: boolean;
  /** Null: nobody is. */
  access: { name: string; role: Role; clientId: string | null } | null;
}

export interface DeadLetterSummary {
  sequence: number;
  clientId: string;
  reason: string | null;
  detail: string | null;
  subject: string | null;
  eventSequence: number | null;
  eventStoredAt: string | null;
  buriedAt: string;
  bytes: number;
  preview: string;
}

export interface DeadLetter extends DeadLetterSummary {
  /** False: only the first bytes are left. */
  isWhole: boolean;
  encoding: 'utf-8' | 'base64';
  payload: string;
}

/** One action of somebody. */
export interface AuditEntry {
  at: string;
  by: string | null;
  from: { channel: string; token?: string | undefined; address: string | null; forwardedFor?: string | undefined };
  action: string;
  clientId: string | null;
  ruleId?: string | undefined;
  version?: number | undefined;
  alertId?: string | undefined;
  deadLetter?: number | undefined;
  token?: string | undefined;
  note?: string | undefined;
  mode?: string | undefined;
  until?: string | undefined;
  result: 'ok' | 'refused' | 'failed';
  code?: string | undefined;
}

/** Null: no quota. */
export interface Quotas {
  rules: number | null;
  partitionSets: number | null;
  partitions: number | null;
  eventsPerSecond: number | null;
  alertsPerMinute: number | null;
  previewSecondsPerHour: number | null;
}

export interface ClientQuotas {
  clientId: string;
  quotas: Quotas;
  /** Those that it has instead of the defaults. */
  own: { [Kind in keyof Quotas]?: number | null | undefined };
  defaults: Quotas;
  /** From when on its newest eventsPerSecond holds. */
  eventsFrom: string | null;
}

/** A token without its secret. */
export interface Token {
  id: string;
  name: string;
  role: Role;
  clientId: string | null;
  createdAt: string;
  createdBy: string | null;
  expiresAt: string | null;
  revokedAt: string | null;
}
