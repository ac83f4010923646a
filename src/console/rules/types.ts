import type { Page, Problem, RuleStatus, Severity } from '../server/wire.ts';

/* The API's types that the pages of the rules read. A test compares them with the API's own. */

export interface Paused {
  since: string;
  by: string | null;
  note?: string | undefined;
  of: 'rule' | 'client';
}

export interface Rule {
  id: string;
  clientId: string;
  name?: string | undefined;
  description?: string | undefined;
  message?: string | undefined;
  severity?: Severity | undefined;
  enabled?: boolean | undefined;
  labels?: Record<string, string> | undefined;
  groupBy?: readonly string[] | undefined;
  partitionBy?: readonly string[] | undefined;
}

export interface StoredRule {
  rule: Rule;
  version: number;
  edition: number | null;
  storedAt: string;
  paused: Paused | null;
}

export interface ListedRule extends StoredRule {
  status: RuleStatus;
  sets: Record<SetStatus, number> | null;
}

export interface RuleList extends Page {
  rules: ListedRule[];
  problem?: { code: string; message: string } | undefined;
}

export interface OpenAlert {
  ruleId: string;
  state: string;
  startsAt: string | null;
}

export type SetStatus = 'inactive' | 'pending' | 'firing';

export interface PartitionSet {
  id: string;
  workflowId: string;
  status: SetStatus;
}

export interface Moment {
  at: string;
  what: string;
}

export interface Explanation {
  group: Record<string, unknown>;
  at: string;
  next: Moment[];
  text: string[];
}

export type PartitionReport = 'live' | 'stale' | 'not reported' | 'forgotten';

export interface Partition {
  partition: Record<string, unknown>;
  state: PartitionReport;
  lastEvent: { sequence: number; time: string } | null;
  value: unknown;
  satisfies: 'yes' | 'no' | 'unknown';
  severity: Severity | null;
  alert: SetStatus | null;
  since: string | null;
  next: Moment | null;
}

export interface PartitionList extends Page {
  partitions: Partition[];
  unanswered?: string[] | undefined;
}

export interface Version {
  version: number;
  edition: number | null;
  change: string;
  by: string | null;
  from: { channel: string; token?: string | undefined; address: string | null } | null;
  restored?: number | undefined;
  storedAt: string;
}

export interface VersionList extends Page {
  versions: Version[];
  isWhole: boolean;
}

/** A property of the newest events of a client. */
export interface EventProperty {
  /** As in a rule. */
  path: string;
  /** Events that have it. */
  events: number;
  /** Some of its texts. */
  values: string[];
}

/** What a change does, or would do. */
export interface Effects {
  resolvesAlerts: boolean;
  lines: string[];
}

export interface DryRun {
  change: 'created' | 'changed' | 'unchanged';
  effects: Effects;
}

export type ResumeMode = 'publish' | 'silently' | 'afresh';

export interface Reset {
  partitionSets: {
    id: string;
    workflowId: string;
    status: SetStatus;
    from?: { at: string; events: number } | undefined;
    problem?: { code: string; message: string } | undefined;
  }[];
}

export interface PreviewedAlert {
  at: string;
  status: string;
  severity: Severity;
  group: Record<string, unknown>;
  partition: Record<string, unknown>;
  message: string;
}

/** All are counted; only the first are listed. */
export interface PreviewedAlerts {
  count: number;
  first: PreviewedAlert[];
}

export interface PreviewOutcome {
  matched: number;
  firingSeconds: number;
  stillFiring: number;
  alerts: PreviewedAlerts;
}

/** What a rule would have done. */
export interface Preview {
  since: string;
  until: string;
  stoppedBy: 'events' | 'alerts' | 'state' | 'time' | null;
  stream: { isWhole: boolean };
  events: { read: number };
  preview: PreviewOutcome;
  running: PreviewOutcome | null;
  difference: { same: number; onlyPreview: PreviewedAlerts; onlyRunning: PreviewedAlerts } | null;
}

export interface PreviewProgress {
  read: number;
  total: number;
}

export type PreviewLine = { progress: PreviewProgress } | { result: Preview } | { problem: Problem };
