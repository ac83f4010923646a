import type { Cause } from '../model/cause.ts';
import type { Timed } from '../partition-set/deadlines.ts';
import { emitAlert, type AlertDraft } from '../alerts/envelope.ts';
import { close, judge, nextMoment, type Verdict } from '../alerts/lifecycle.ts';
import { allAlerts, expectedCount, isLive, weigh, type PartitionSet } from '../partition-set/partition-set.ts';
import type { PartitionEntry } from '../partition-set/partition-index.ts';
import { levelOf, levelOfSet, UNKNOWN_LEVEL } from '../partition-set/level.ts';
import { isForgettable, partitionMoment, silentFrom } from './evaluate-partition.ts';
import type { AlertState, PartitionState } from '../model/partition-set-state.ts';

/** Judges the alert of a partition, if any, and sets its next deadline. `completes`: the event completes a sequence. */
export function reevaluatePartition(set: PartitionSet, entry: PartitionEntry, cause: Cause, completes = false): void {
  const { alert } = entry.partition;
  if (alert !== undefined) judgePartition(set, entry, alert, cause, completes);
  const forget = isForgettable(set, entry);
  scheduleDeadline(set, entry, forget ? Infinity : partitionMoment(set, entry));
  if (forget) forgetPartition(set, entry);
}

/** Judges these partitions, then the set. */
export function reevaluate(set: PartitionSet, entries: readonly PartitionEntry[], cause: Cause): void {
  for (const entry of entries) reevaluatePartition(set, entry, cause);
  reevaluateSet(set, entries, cause);
}

/** Judges the set as a whole, after the changed partitions, and sets its next deadline. */
export function reevaluateSet(set: PartitionSet, changed: readonly PartitionEntry[], cause: Cause): void {
  const { rule, state, piece } = set;
  if (piece?.record !== undefined) piece.record(set, changed, cause);
  else if (!rule.each) judgeSet(set, cause);
  if (cause.byClock) state.judgeAt = null;
  setOwnDeadline(set);
}

function judgePartition(
  set: PartitionSet,
  entry: PartitionEntry,
  alert: AlertState,
  cause: Cause,
  completes: boolean,
): void {
  const { partition } = entry;
  const level = levelOf(set, partition);
  if (!completes && isQuiet(set, alert, level)) return;
  const verdict = verdictOf(set, level, silentFrom(set, entry));
  // An event completes a sequence for one moment: the condition holds and stops immediately.
  if (completes) judgeAlert(set, alert, { ...verdict, holds: true }, cause, partition);
  judgeAlert(set, alert, verdict, cause, partition);
}

function judgeSet(set: PartitionSet, cause: Cause): void {
  const level = levelOfSet(set);
  const { alert } = set.state;
  if (!isQuiet(set, alert, level)) judgeAlert(set, alert, verdictOf(set, level, setSilentFrom(set)), cause);
}

/** Nothing holds, is pending, firing or silent. True for nearly every event: there is nothing to judge. */
const isQuiet = ({ rule }: PartitionSet, { phase, silent }: AlertState, level: number): boolean =>
  level < 0 && phase === 'inactive' && !silent && rule.noData === null;

function verdictOf({ rule }: PartitionSet, level: number, silentFrom: number): Verdict {
  const severity = level < 0 ? undefined : rule.levels[level]?.severity;
  const holds = level === UNKNOWN_LEVEL ? undefined : level >= 0;
  return { holds, severity: severity ?? rule.severity, silentFrom };
}

/** `partition`: the owner of the alert, if it is not the set's own. */
function judgeAlert(
  set: PartitionSet,
  alert: AlertState,
  verdict: Verdict,
  cause: Cause,
  partition?: PartitionState,
): void {
  const { now } = set.state;
  const before = alert.phase;
  const about = partition === undefined ? { alert, causedBy: cause.causedBy } : { alert, partition };
  const closed = close(alert, cause, now, set.rule);
  if (closed !== undefined) emitAlert(set, { ...closed, ...about });
  const move = judge(alert, verdict, cause, now, set.rule);
  if (alert.phase !== before) {
    set.phases[before] -= 1;
    set.phases[alert.phase] += 1;
  }
  if (move !== undefined) emitAlert(set, { ...move, ...about });
  else if (alert.phase === 'firing' && cause.byClock && set.rule.repeatMs !== null)
    remind(set, about, set.rule.repeatMs);
}

function remind(
  set: PartitionSet,
  about: Pick<AlertDraft, 'alert' | 'partition' | 'causedBy'>,
  repeatMs: number,
): void {
  const { alert } = about;
  // The rule got `repeat` while the alert was firing: start the interval now.
  alert.remindAt ??= set.state.now + repeatMs;
  if (alert.remindAt > set.state.now) return;
  emitAlert(set, { status: 'reminder', reason: 'condition', startsAt: alert.since, endsAt: null, ...about });
  alert.remindAt += repeatMs;
}

/** Publishes the current state, at a fixed interval from the set's start. */
export function emitHeartbeat(set: PartitionSet): void {
  const { state, rule } = set;
  if (state.nextHeartbeatAt === null || rule.heartbeatMs === null || state.nextHeartbeatAt > state.now) return;
  for (const { alert, ...whose } of allAlerts(set)) {
    if (whose.partition !== undefined && !isLive(whose.partition)) continue;
    emitAlert(set, { status: 'heartbeat', reason: 'condition', startsAt: alert.since, endsAt: null, alert, ...whose });
  }
  state.nextHeartbeatAt += rule.heartbeatMs;
  setOwnDeadline(set);
}

/** Sets the set's own next deadline: its alert, its silence, its heartbeat. */
export function setOwnDeadline(set: PartitionSet): void {
  const { state, rule, piece } = set;
  const isWhole = !rule.each && piece?.record === undefined;
  const alertAt = !isWhole ? Infinity : nextMoment(state.alert, rule, state.now);
  const silentAt = !isWhole ? Infinity : setSilentFrom(set);
  const crossesAt = (isWhole ? set.across?.nextCrossing(state.now) : undefined) ?? Infinity;
  scheduleDeadline(
    set,
    set.own,
    Math.min(
      alertAt,
      crossesAt,
      state.alert.silent ? Infinity : silentAt,
      state.nextHeartbeatAt ?? Infinity,
      state.judgeAt ?? Infinity,
    ),
  );
}

/** Moves overdue deadlines to now, so that all of them come up together. */
export function scheduleDeadline({ deadlines, state }: PartitionSet, timed: Timed, moment: number): void {
  deadlines.set(timed, Math.max(moment, state.now));
}

/**
 * From when on the set counts as silent, or Infinity. Without any event it counts from the start if `expect` has
 * entries.
 */
function setSilentFrom(set: PartitionSet): number {
  const { rule, state } = set;
  if (rule.noData === null) return Infinity;
  if (state.lastEventAt !== null) return state.lastEventAt + rule.noData.afterMs;
  return expectedCount(set) > 0 ? state.startedAt + rule.noData.afterMs : Infinity;
}

function forgetPartition(set: PartitionSet, entry: PartitionEntry): void {
  delete set.state.partitions[entry.key];
  set.index.delete(entry);
  weigh(set, entry, 0);
  const { alert } = entry.partition;
  if (alert !== undefined) set.phases[alert.phase] -= 1;
}
