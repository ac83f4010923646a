import { emitAlert, type AlertDraft } from '../../alerts/envelope.ts';
import { resolve } from '../../alerts/lifecycle.ts';
import type { AlertReason, AlertStatus } from '../../model/alert/alert.ts';
import { newAlert, type AlertState } from '../../model/partition-set/partition-set-state.ts';
import { partitionKey } from '../../partition-set/partition-index.ts';
import { allAlerts, newPartition, type PartitionSet } from '../../partition-set/partition-set.ts';
import { streamTime } from '../../partition-set/waiting-events.ts';
import type { Scalar } from '../../primitives/value.ts';
import { nextDeadline, resumePartitionSet } from '../evaluate.ts';

/*
 * A set that is reset is rebuilt from the event stream up to where it was, and a muted set publishes nothing for a while.
 * Both are then compared with what they had published. Only the difference is published: an alert that should not fire is
 * resolved, one that should fire fires.
 */

/** The alerts that a set has published, as far as they matter to what it publishes next. Stored names. */
export interface PublishedAlerts {
  generation: string;
  alerts: AlertBefore[];
}

/** The alerts of a set before its reset, and up to where it was. Stored names. */
export interface AlertsBefore extends PublishedAlerts {
  ruleVersion: number;
  /** The highest stream sequence that it had applied. */
  sequence: number;
  /** It had handled the deadlines up to this time, in the time of the stream, epoch ms. */
  atMs: number;
}

/** What publishes nothing: a set, or a piece of one. Stored names. */
export interface Muted {
  /** What it had published before. */
  before: PublishedAlerts;
  /** Why alerts resolve that fired before and do not fire then. */
  resolves: AlertReason;
}

interface AlertBefore {
  /** The partition's; absent for the set's own alert. */
  key?: Scalar[];
  alert: AlertState;
}

/** Copies the alerts that have fired, or are snoozed. */
export function publishedAlerts(set: PartitionSet): PublishedAlerts {
  const alerts = allAlerts(set).flatMap(({ alert, partition }): AlertBefore[] =>
    alert.episode === 0 && alert.snoozed === undefined
      ? []
      : [{ ...(partition && { key: partition.key }), alert: { ...alert } }],
  );
  return { generation: set.state.generation, alerts };
}

/** The same, and where the set is, before it is discarded. */
export function alertsBefore(set: PartitionSet): AlertsBefore {
  const { ruleVersion, mark } = set.state;
  const now = streamTime(set);
  const next = nextDeadline(set);
  const atMs = next !== null && next <= now ? now - 1 : now;
  return { ...publishedAlerts(set), ruleVersion, sequence: mark, atMs };
}

/** Why a correction of an alert is published. */
export type ReasonOf = (correction: { status: AlertStatus; alert: AlertState }) => AlertReason;

/** The reasons of what a muted set publishes: why its alerts fire; `resolves` where they do not. */
export const reasonsNow =
  (resolves: AlertReason): ReasonOf =>
  ({ status, alert }) => {
    if (status === 'resolved') return resolves;
    if (status === 'latched') return alert.ceased?.reason ?? resolves;
    return alert.bySilence === true ? 'noData' : 'condition';
  };

/**
 * Gives the alerts of a rebuilt set the identity of those that it had published, and publishes the difference. The set
 * must be where the old one was; a piece has the alerts that it decides. Returns the set to continue with.
 */
export function correctAlerts(
  rebuilt: PartitionSet,
  before: PublishedAlerts,
  reasonOf: ReasonOf = () => 'reset',
): PartitionSet {
  const { rule, state, piece } = rebuilt;
  state.generation = before.generation;
  if (!decidesAlerts(rebuilt)) return rebuilt;
  const published = new Map(before.alerts.map(({ key, alert }) => [key && partitionKey(key), alert]));
  // A partition whose alert was published stays known, and its episodes are counted on.
  for (const { key } of before.alerts)
    if (rule.each && key !== undefined) state.partitions[partitionKey(key)] ??= newPartition(rule, key);
  const drafts = allAlerts(rebuilt).flatMap(({ alert, partition }): AlertDraft[] => {
    const old = published.get(partition && partitionKey(partition.key)) ?? newAlert(alert.severity);
    const correction = adopt(alert, old, state.now);
    if (correction === undefined) return [];
    const reason = reasonOf({ status: correction.status, alert });
    return [{ ...correction, reason, alert, ...(partition && { partition }) }];
  });
  // Marks have a weight and a deadline.
  const set = resumePartitionSet(rule.rule, state, piece);
  for (const draft of drafts) emitAlert(set, draft);
  return set;
}

/** Pieces that record decide the alerts of partitions, the one that merges decides that of the set. */
const decidesAlerts = ({ rule, piece }: PartitionSet): boolean =>
  piece === null || (piece.record !== undefined) === rule.each;

type Correction = Pick<AlertDraft, 'status' | 'startsAt' | 'endsAt' | 'acknowledged'>;

/** Makes a rebuilt alert continue the one that was published. Returns what to publish of the difference. */
function adopt(alert: AlertState, old: AlertState, nowMs: number): Correction | undefined {
  const { acknowledged, snoozed, actedAt } = old;
  const fired = old.phase === 'firing';
  // The stream does not have the acknowledgement that let it resolve.
  if (alert.latched === true && !fired) resolve(alert, 'reset', nowMs);
  const fires = alert.phase === 'firing';
  // The episodes of the rebuilt alert were not published.
  alert.episode = old.episode + (fires && !fired ? 1 : 0);
  delete alert.reacknowledge;
  if (snoozed !== undefined) alert.snoozed = snoozed;
  if (actedAt !== undefined) alert.actedAt = actedAt;
  if (fires && !fired) return { status: 'firing', startsAt: alert.since, endsAt: null };
  if (!fires && fired)
    return {
      ...{ status: 'resolved', startsAt: old.since, endsAt: nowMs },
      ...(acknowledged !== undefined && { acknowledged }),
    };
  if (!fires) return undefined;
  alert.changes = old.changes;
  if (acknowledged !== undefined) alert.acknowledged = acknowledged;
  const status = changeOf(old, alert);
  if (status === undefined) return undefined;
  alert.changes += 1;
  return { status, startsAt: alert.since, endsAt: null };
}

function changeOf(old: AlertState, alert: AlertState): AlertStatus | undefined {
  if (old.severity !== alert.severity) return 'severity';
  if (old.latched === alert.latched) return undefined;
  return alert.latched === true ? 'latched' : 'unlatched';
}
