import type { Severity } from './severity.ts';
import type { Scalar } from '../../primitives/value.ts';

/** What happened to an alert. `limit`: a cap of vigil was reached; the rule's condition did not change. */
export const ALERT_STATUSES = [
  ...(['firing', 'resolved', 'severity', 'latched', 'unlatched'] as const),
  ...(['reminder', 'heartbeat', 'limit'] as const),
  ...(['acknowledged', 'unacknowledged', 'snoozed', 'unsnoozed'] as const),
] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

export const ALERT_REASONS = [
  'condition',
  'cleared',
  'noData',
  'staleData',
  'schedule',
  'forgotten',
  'ruleUpdated',
  'ruleDisabled',
  'ruleDeleted',
  'ruleResumed',
  'limit',
  'operator',
  'snoozeEnded',
  'reset',
] as const;
export type AlertReason = (typeof ALERT_REASONS)[number];

/** The current state of an alert; heartbeats report it. */
export type AlertPhase = 'inactive' | 'pending' | 'firing';

/** A partition that contributes to an alert: its newest event, and the compared value. */
export interface EvidenceItem {
  partition: Record<string, Scalar>;
  /** Stream sequence of the event. */
  sequence: number;
  /** Event time, ISO 8601. */
  time: string;
  value: Scalar;
}

/** Somebody has acknowledged the alert: they know that it fires. */
export interface Acknowledgement {
  /** Who did. */
  by: string;
  /** When, by the clock of the workflow, ISO 8601. */
  at: string;
  note?: string;
}

/** Somebody has snoozed the alert: nobody is notified of it until then. */
export interface Snooze extends Acknowledgement {
  /** ISO 8601. */
  until: string;
}

/** `data` of the CloudEvents envelope on `alerts.<clientId>.<ruleId>`. Times are ISO 8601. */
export interface AlertData {
  clientId: string;
  ruleId: string;
  ruleVersion: number;
  group: Record<string, Scalar>;
  partition: Record<string, Scalar>;
  episode: number;
  status: AlertStatus;
  reason: AlertReason;
  /** The state after the transition. */
  state: AlertPhase;
  severity: Severity;
  /** When the condition began to hold (event time), or null if it never did. */
  startsAt: string | null;
  /** When it stopped, once resolved. */
  endsAt: string | null;
  evaluatedAt: string;
  message: string;
  labels: Record<string, string>;
  evidence: { items: EvidenceItem[]; total: number };
  /** What somebody did, for the statuses that tell it. */
  action?: Acknowledgement & Partial<Pick<Snooze, 'until'>>;
  /** While a latched alert fires although its condition does not hold: since when that is. */
  stoppedAt?: string;
  /** While the episode is acknowledged. */
  acknowledged?: Acknowledgement;
  /** While the alert is snoozed. */
  snoozed?: Snooze;
}

/** CloudEvents 1.0, structured JSON. `id` is deterministic: the same transition has the same id after any crash. */
export interface AlertEnvelope {
  specversion: '1.0';
  id: string;
  source: string;
  type: 'vigil.alert.v1';
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  /** W3C Trace Context (CloudEvents extension), if the events behind the alert belong to a trace. */
  traceparent?: string;
  data: AlertData;
}

/** Why a condition stopped holding. */
export type CeaseReason = 'cleared' | 'staleData' | 'forgotten' | 'ruleUpdated';
