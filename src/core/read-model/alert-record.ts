import { ACTIONS } from '../alerts/stream-alert.ts';
import type {
  Acknowledgement,
  AlertData,
  AlertEnvelope,
  AlertReason,
  AlertStatus,
  Snooze,
} from '../model/alert/alert.ts';
import type { Severity } from '../model/alert/severity.ts';
import type { Scalar } from '../primitives/value.ts';
import { episodeOf } from './episode-key.ts';

/** `notice`: something that is published once and does not resolve, such as a limit or a test alert. */
export const RECORD_STATES = ['firing', 'resolved', 'notice'] as const;
export type RecordState = (typeof RECORD_STATES)[number];

/** One message of the alert stream, as a step in the life of an alert. Times are ISO 8601. */
export interface AlertTransition {
  /** Sequence in the alert stream. */
  sequence: number;
  /** Id of the message. */
  alertId: string;
  status: AlertStatus;
  reason: AlertReason;
  severity: Severity;
  at: string;
  message: string;
  /** What somebody did, for the statuses that tell it. */
  action?: AlertData['action'];
  /** Null for all but the first and the newest transition. */
  evidence: AlertData['evidence'] | null;
}

/** The life of one alert, from its firing to its end: what the API lists. Times are ISO 8601. */
export interface AlertRecord {
  clientId: string;
  ruleId: string;
  ruleVersion: number;
  /** Workflow id of the partition set that it belongs to. */
  partitionSetId: string;
  group: Record<string, Scalar>;
  partition: Record<string, Scalar>;
  episode: number;
  state: RecordState;
  severity: Severity;
  startsAt: string | null;
  endsAt: string | null;
  /** Of the newest transition. */
  updatedAt: string;
  /** Of the newest transition that says something of the alert, not of people. */
  message: string;
  labels: Record<string, string>;
  /** While it is latched: since when its condition does not hold. */
  stoppedAt?: string;
  /** While it is acknowledged. */
  acknowledged?: Acknowledgement;
  /** Until its end, which may have passed since. */
  snoozed?: Snooze;
  /** In the order of the stream. */
  transitions: AlertTransition[];
  /** Transitions that are left out between the first and the second of `transitions`. */
  omitted: number;
}

/** Most transitions that a record keeps: the first and the newest ones. */
export const TRANSITIONS_MAX = 50;

/** Whether a message belongs to the life of an alert. Heartbeats repeat a state, and change nothing. */
export const isTransition = ({ data }: AlertEnvelope): boolean => data.status !== 'heartbeat';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a message has the fields that its record needs: anybody may publish to the alert stream. */
export const isComplete = ({ data }: AlertEnvelope): boolean =>
  [data.group, data.partition, data.evidence].every(isObject) &&
  Number.isSafeInteger(data.episode) &&
  typeof data.evaluatedAt === 'string';

/**
 * The record with one more message of the same alert. The result is the same in whatever order messages are added, and
 * however often: readers of the stream may overlap.
 */
export function withTransition(record: AlertRecord | null, alert: AlertEnvelope, sequence: number): AlertRecord {
  const before = record?.transitions ?? [];
  if (record !== null && (before.some((each) => each.alertId === alert.id) || isLeftOut(record, sequence)))
    return record;
  const added = transitionOf(alert, sequence);
  const ordered = [...before, added].sort((a, b) => a.sequence - b.sequence);
  const kept = ordered.length > TRANSITIONS_MAX ? ordered.toSpliced(1, ordered.length - TRANSITIONS_MAX) : ordered;
  const isNewest = kept.at(-1) === added;
  return {
    ...(record === null || isNewest ? fieldsOf(alert) : record),
    message: messageOf(kept),
    state: stateOf(alert, record),
    startsAt: record?.startsAt ?? alert.data.startsAt,
    endsAt: alert.data.endsAt ?? record?.endsAt ?? null,
    transitions: kept.map((each, index) =>
      index === 0 || index === kept.length - 1 ? each : { ...each, evidence: null },
    ),
    omitted: (record?.omitted ?? 0) + ordered.length - kept.length,
  };
}

/** It was left out before. */
const isLeftOut = ({ omitted, transitions: [first, second] }: AlertRecord, sequence: number): boolean =>
  omitted > 0 && sequence > (first?.sequence ?? 0) && sequence < (second?.sequence ?? 0);

const transitionOf = ({ id, data }: AlertEnvelope, sequence: number): AlertTransition => ({
  sequence,
  alertId: id,
  status: data.status,
  reason: data.reason,
  severity: data.severity,
  at: data.evaluatedAt,
  message: data.message,
  ...(data.action !== undefined && { action: data.action }),
  evidence: data.evidence,
});

const fieldsOf = ({ id, data }: AlertEnvelope) => ({
  clientId: data.clientId,
  ruleId: data.ruleId,
  ruleVersion: data.ruleVersion,
  partitionSetId: episodeOf(id, data.group).partitionSetId,
  group: data.group,
  partition: data.partition,
  episode: data.episode,
  severity: data.severity,
  updatedAt: data.evaluatedAt,
  labels: data.labels,
  ...(data.stoppedAt !== undefined && { stoppedAt: data.stoppedAt }),
  ...(data.acknowledged !== undefined && { acknowledged: data.acknowledged }),
  ...(data.snoozed !== undefined && { snoozed: data.snoozed }),
});

/** Who acknowledges or snoozes an alert changes nothing of what it says. */
function messageOf(transitions: readonly AlertTransition[]): string {
  return (transitions.findLast(({ status }) => !ACTIONS.has(status)) ?? transitions.at(-1))?.message ?? '';
}

/** An episode resolves once. */
function stateOf({ data }: AlertEnvelope, record: AlertRecord | null): RecordState {
  if (data.status === 'resolved' || record?.state === 'resolved') return 'resolved';
  return data.status === 'limit' || data.episode === 0 ? (record?.state ?? 'notice') : 'firing';
}
