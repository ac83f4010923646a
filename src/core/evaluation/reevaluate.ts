import type { Cause } from '../model/cause.ts';
import type { Timed } from '../partition-set/deadlines.ts';
import { emitAlert, type AlertDraft } from '../alerts/envelope.ts';
import { close, judge, nextMoment, type Verdict } from '../alerts/lifecycle.ts';
import { allAlerts, expectedCount, isLive, weigh, type PartitionSet } from '../partition-set/partition-set.ts';
import type { PartitionEntry } from '../partition-set/partition-index.ts';
import { levelOf, levelOfSet, UNKNOWN_LEVEL } from '../partition-set/level.ts';
import { isForgettable, partitionMoment, silentFrom, unlatch } from './evaluate-partition.ts';
import type { AlertPhase } from '../model/alert.ts';
import type { AlertState } from '../model/partition-set-state.ts';

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

/**
 * Judges the set as a whole, after the changed partitions, and sets its next deadline. `inAllShards`: the same event
 * changes the other shards of the set, too.
 */
export function reevaluateSet(
  set: PartitionSet,
  changed: readonly PartitionEntry[],
  cause: Cause,
  inAllShards = false,
): void {
  const { rule, state, piece } = set;
  if (piece?.record !== undefined) piece.record(set, changed, cause, inAllShards);
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
  if (!completes && isQuiet(set, alert, levelOf(set, partition))) return;
  judgeAndUnlatch(set, { alert, partition }, cause, {
    verdict: () => verdictOf(set, levelOf(set, partition), silentFrom(set, entry)),
    unlatch() {
      const wasLatched = partition.latched !== undefined;
      if (wasLatched) unlatch(set, entry);
      return wasLatched;
    },
    completes,
  });
}

function judgeSet(set: PartitionSet, cause: Cause): void {
  const { alert } = set.state;
  if (isQuiet(set, alert, levelOfSet(set))) return;
  judgeAndUnlatch(set, { alert, causedBy: cause.causedBy }, cause, {
    verdict: () => verdictOf(set, levelOfSet(set), setSilentFrom(set)),
    unlatch: () => unlatchAll(set),
  });
}

/** The alert to judge, and its owner if it is not the set's own. */
type About = Pick<AlertDraft, 'alert' | 'partition' | 'causedBy'>;

interface Judgement {
  verdict: () => Verdict;
  /** Ends the latches under the alert. Returns whether there was any. */
  unlatch: () => boolean;
  completes?: boolean;
}

/** Partitions are latched only while the alert fires: when it stops, it is judged again without them. */
function judgeAndUnlatch(
  set: PartitionSet,
  about: About,
  cause: Cause,
  { verdict, unlatch, completes = false }: Judgement,
): void {
  if (closeAlert(set, about, cause)) unlatch();
  // An event completes a sequence for one moment: the condition holds and stops immediately.
  if (completes) judgeAlert(set, about, { ...verdict(), holds: true }, cause);
  if (judgeAlert(set, about, verdict(), cause) && unlatch()) judgeAlert(set, about, verdict(), cause);
}

/** Ends the latches of all partitions. Returns whether there was any. */
function unlatchAll(set: PartitionSet): boolean {
  if (set.piece?.unlatch !== undefined) return set.piece.unlatch(set);
  const latched = [...set.latched];
  for (const entry of latched) unlatch(set, entry);
  return latched.length > 0;
}

/** Nothing holds, is pending, firing or silent. True for nearly every event: there is nothing to judge. */
const isQuiet = ({ rule }: PartitionSet, { phase, silent }: AlertState, level: number): boolean =>
  level < 0 && phase === 'inactive' && !silent && rule.noData === null;

function verdictOf({ rule }: PartitionSet, level: number, silentFrom: number): Verdict {
  const severity = level < 0 ? undefined : rule.levels[level]?.severity;
  const holds = level === UNKNOWN_LEVEL ? undefined : level >= 0;
  return { holds, severity: severity ?? rule.severity, silentFrom };
}

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
  if (move !== undefined) emitAlert(set, { ...move, ...about });
  else if (alert.phase === 'firing' && cause.byClock && set.rule.repeatMs !== null)
    remind(set, about, set.rule.repeatMs);
  return before === 'firing' && alert.phase !== 'firing';
}

function countPhase({ phases }: PartitionSet, before: AlertPhase, now: AlertPhase): void {
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
  const isWhole = !rule.each && piece?.record === undefined;
  const alertAt = !isWhole ? Infinity : nextMoment(state.alert, rule, state.now);
  const silentAt = !isWhole ? Infinity : setSilentFrom(set);
  const crossesAt = (isWhole ? set.across?.nextCrossing(judgedMs) : undefined) ?? Infinity;
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
  set.latched.delete(entry);
  weigh(set, entry, 0);
  const { alert } = entry.partition;
  if (alert !== undefined) set.phases[alert.phase] -= 1;
}
