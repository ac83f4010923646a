import type { Cause } from '../model/alert/cause.ts';
import type { Timed } from '../partition-set/deadlines.ts';
import { emitAlert, type AlertDraft } from '../alerts/envelope.ts';
import { updateLevels } from '../alerts/level-times.ts';
import { close, judge, nextMoment, type Verdict } from '../alerts/lifecycle.ts';
import { endDueSnooze, snoozeMoment } from '../alerts/snooze.ts';
import { allAlerts, expectedCount, isLive, weigh, type PartitionSet } from '../partition-set/partition-set.ts';
import type { PartitionEntry } from '../partition-set/partition-index.ts';
import { aggregate } from '../partition-set/values/aggregate.ts';
import { levelOf, levelOfSet, truthOf, UNKNOWN_LEVEL } from '../partition-set/values/level.ts';
import type { Truth } from '../primitives/truth.ts';
import { isForgettable, partitionMoment, silentFrom, unlatch } from './partition/evaluate-partition.ts';
import type { AlertPhase } from '../model/alert/alert.ts';
import type { AlertState } from '../model/partition-set/partition-set-state.ts';

/** Judges the alert of a partition, if any, and sets its next deadline. `completes`: the event completes a sequence. */
export function reevaluatePartition(set: PartitionSet, entry: PartitionEntry, cause: Cause, completes = false): void {
  const { alert } = entry.partition;
  if (alert !== undefined) judgePartition(set, entry, alert, cause, completes);
  if (alert !== undefined && cause.byClock) endDueSnooze(set, { alert, partition: entry.partition });
  const forget = isForgettable(set, entry);
  scheduleDeadline(set, entry, forget ? Infinity : partitionMoment(set, entry));
  if (forget) forgetPartition(set, entry);
}

/** Judges these partitions, then the set. */
export function reevaluate(set: PartitionSet, entries: readonly PartitionEntry[], cause: Cause): void {
  for (const entry of entries) reevaluatePartition(set, entry, cause);
  reevaluateSet(set, entries, cause);
}

/**
 * Judges the set as a whole, after the changed partitions, and sets its next deadline. `inAllPieces`: the same event
 * changes the other pieces of the set, too.
 */
export function reevaluateSet(
  set: PartitionSet,
  changed: readonly PartitionEntry[],
  cause: Cause,
  inAllPieces = false,
): void {
  const { rule, piece, across } = set;
  let isJudged = false;
  if (piece?.record !== undefined) piece.record(set, changed, cause, inAllPieces);
  else if (!rule.each) isJudged = judgeSet(set, cause);
  if (cause.byClock) endMoment(set);
  // Nearly every event leaves the set quiet, and its deadline where it is.
  else if (isJudged || across !== null) setOwnDeadline(set);
}

/** After the deadlines of a moment. */
function endMoment(set: PartitionSet): void {
  const { rule, state, piece } = set;
  if (piece?.record === undefined && !rule.each) endDueSnooze(set, { alert: state.alert });
  state.judgeAt = null;
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
  if (completes || !isQuiet(set, alert, level))
    judgeAndUnlatch(set, { alert, partition }, entry, level, cause, completes);
}

/** Returns whether there was anything to judge. */
function judgeSet(set: PartitionSet, cause: Cause): boolean {
  const { alert } = set.state;
  const level = levelOfSet(set);
  if (isQuiet(set, alert, level)) return false;
  judgeAndUnlatch(set, { alert, causedBy: cause.causedBy }, null, level, cause);
  return true;
}

/** The alert to judge, and its owner if it is not the set's own. */
type About = Pick<AlertDraft, 'alert' | 'partition' | 'causedBy'>;

/**
 * Partitions are latched only while the alert fires: when it stops, it is judged again without them.
 * @param entry the owner of the alert; null: the set
 */
function judgeAndUnlatch(
  set: PartitionSet,
  about: About,
  entry: PartitionEntry | null,
  level: number,
  cause: Cause,
  completes = false,
): void {
  let verdict = verdictOf(set, about.alert, entry, level, cause);
  if (closeAlert(set, about, cause)) {
    unlatchUnder(set, entry);
    verdict = verdictNow(set, about.alert, entry, cause);
  }
  // An event completes a sequence for one moment: the condition holds and stops immediately.
  if (completes) judgeAlert(set, about, { ...verdict, holds: true }, cause);
  if (judgeAlert(set, about, verdict, cause) && unlatchUnder(set, entry))
    judgeAlert(set, about, verdictNow(set, about.alert, entry, cause), cause);
}

/** Ends the latches under an alert. Returns whether there was any. */
function unlatchUnder(set: PartitionSet, entry: PartitionEntry | null): boolean {
  if (entry === null && set.piece?.unlatch !== undefined) return set.piece.unlatch(set);
  const latched = entry === null ? [...set.latched] : entry.partition.latched === undefined ? [] : [entry];
  for (const each of latched) unlatch(set, each);
  return latched.length > 0;
}

/** Nothing holds, is pending, firing or silent. True for nearly every event: there is nothing to judge. */
const isQuiet = ({ rule }: PartitionSet, { phase, silent }: AlertState, level: number): boolean =>
  level < 0 && phase === 'inactive' && !silent && rule.noData === null;

const verdictNow = (set: PartitionSet, alert: AlertState, entry: PartitionEntry | null, cause: Cause): Verdict =>
  verdictOf(set, alert, entry, entry === null ? levelOfSet(set) : levelOf(set, entry.partition), cause);

/** @param level the highest that holds, or NO_LEVEL or UNKNOWN_LEVEL */
function verdictOf(
  set: PartitionSet,
  alert: AlertState,
  entry: PartitionEntry | null,
  level: number,
  cause: Cause,
): Verdict {
  const { rule } = set;
  if (rule.timesLevels) return timedVerdict(set, alert, entry, cause);
  const severity = level < 0 ? undefined : rule.levels[level]?.severity;
  const holds = level === UNKNOWN_LEVEL ? undefined : level >= 0;
  return { holds, severity: severity ?? rule.severity, silentFrom: silentSince(set, entry) };
}

/** The same where levels have their own times. */
function timedVerdict(set: PartitionSet, alert: AlertState, entry: PartitionEntry | null, cause: Cause): Verdict {
  const { rule, state } = set;
  const truthAt = (level: number): Truth =>
    entry === null ? aggregate(set, level) : truthOf(entry.partition.holds[level]);
  const levels = updateLevels(alert, truthAt, { cause, now: state.now, rule });
  const severity = rule.levels[levels.on]?.severity ?? rule.severity;
  return { holds: levels.on >= 0, severity, silentFrom: silentSince(set, entry), levels };
}

const silentSince = (set: PartitionSet, entry: PartitionEntry | null): number =>
  entry === null ? setSilentFrom(set) : silentFrom(set, entry);

/** Resolves the alert if the schedule has closed and says so. Returns whether it did. */
function closeAlert(set: PartitionSet, about: About, cause: Cause): boolean {
  const { alert } = about;
  const before = alert.phase;
  const move = close(alert, cause, set.state.now, set.rule);
  countPhase(set, before, alert.phase);
  if (move !== undefined) emitAlert(set, { ...move, ...about });
  return move !== undefined;
}

/** Returns whether the alert has stopped firing. */
function judgeAlert(set: PartitionSet, about: About, verdict: Verdict, cause: Cause): boolean {
  const { alert } = about;
  const before = alert.phase;
  const move = judge(alert, verdict, cause, set.state.now, set.rule);
  countPhase(set, before, alert.phase);
  // The move is new: a copy of both would take longer than the judgement.
  if (move !== undefined) emitAlert(set, Object.assign(move, about));
  else if (alert.phase === 'firing' && cause.byClock && set.rule.repeatMs !== null)
    remind(set, about, set.rule.repeatMs);
  return before === 'firing' && alert.phase !== 'firing';
}

function countPhase({ phases }: PartitionSet, before: AlertPhase, now: AlertPhase): void {
  if (before === now) return;
  phases[before] -= 1;
  phases[now] += 1;
}

function remind(set: PartitionSet, about: About, repeatMs: number): void {
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

/** Sets the set's own next deadline: its alert, its silence, its heartbeat. It was judged at `judgedMs`. */
export function setOwnDeadline(set: PartitionSet, judgedMs = set.state.now): void {
  const { state, rule, piece } = set;
  let moment = Math.min(state.nextHeartbeatAt ?? Infinity, state.judgeAt ?? Infinity);
  if (!rule.each && piece?.record === undefined) moment = Math.min(moment, judgedAt(set, judgedMs));
  scheduleDeadline(set, set.own, moment);
}

/** When the alert of the whole set must be judged again without an event, or Infinity. */
function judgedAt(set: PartitionSet, judgedMs: number): number {
  const { state, rule, across } = set;
  const moment = Math.min(
    nextMoment(state.alert, rule, state.now),
    snoozeMoment(state.alert, rule),
    across?.nextCrossing(judgedMs) ?? Infinity,
  );
  return rule.noData === null || state.alert.silent ? moment : Math.min(moment, setSilentFrom(set));
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
  set.latched.delete(entry);
  weigh(set, entry, 0);
  const { alert } = entry.partition;
  if (alert !== undefined) set.phases[alert.phase] -= 1;
}
