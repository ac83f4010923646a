import type { AlertReason, AlertStatus } from '../model/alert/alert.ts';
import type { Cause } from '../model/alert/cause.ts';
import type { CompiledRule } from '../compilation/compile-rule.ts';
import type { Severity } from '../model/alert/severity.ts';
import type { AlertState, Mark } from '../model/partition-set/partition-set-state.ts';
import { goesOn } from '../partition-set/values/level.ts';
import type { Truth } from '../primitives/truth.ts';
import { levelsMoment, type TimedLevels } from './level-times.ts';
import { decidedAt, isProven, markOverdue } from './proof.ts';

/** The part of a rule that determines an alert's lifecycle. */
export type LifeRule = Pick<
  CompiledRule,
  'forMs' | 'keepFiringForMs' | 'latch' | 'repeatMs' | 'noData' | 'schedule' | 'each' | 'levels' | 'timesLevels'
>;

/** The condition of an alert as of now. */
export interface Verdict {
  holds: Truth;
  /** Meaningful while it holds. */
  severity: Severity;
  /** From this time on there was no event for `noData.after`, epoch ms; Infinity: never. */
  silentFrom: number;
  /** Where levels have their own times. */
  levels?: TimedLevels;
}

export interface Move {
  status: Extract<AlertStatus, 'firing' | 'resolved' | 'severity' | 'latched' | 'unlatched'>;
  reason: AlertReason;
  startsAt: number | null;
  endsAt: number | null;
  /** If it is not what the alert has now. */
  severity?: Severity;
  /** The acknowledgement that ended with the episode. */
  acknowledged?: Mark;
}

/**
 * One step of an alert's lifecycle: inactive → pending → firing → inactive. Changes `alert`; returns the transition to
 * publish, if any. A condition that stops ends pending immediately; firing ends when `keepFiringFor` has passed. One that
 * is unknown ends pending too; a firing alert goes on, and one whose condition has stopped ends when it would have. With
 * `latch`, it ends no earlier than it is acknowledged.
 */
export function judge(
  alert: AlertState,
  verdict: Verdict,
  cause: Cause,
  now: number,
  rule: LifeRule,
): Move | undefined {
  alert.silent = now >= verdict.silentFrom && (alert.silent || cause.byClock);
  if (alert.silent && rule.noData?.then === 'resolve') return hush(alert, now);
  const alarm = isAlarm(alert, rule);
  if (verdict.holds === true || alarm) return begin(alert, verdict, alarm, cause, now, rule);
  if (verdict.holds === undefined && goesOn(alert)) return undefined;
  const { levels } = verdict;
  if (levels === undefined || levels.waits < 0) return cease(alert, verdict, cause, now, rule);
  const { severity } = alert;
  const move = alert.phase === 'firing' ? cease(alert, verdict, cause, now, rule) : undefined;
  if (alert.phase === 'firing') return move;
  wait(alert, levels, rule);
  return move && { ...move, severity };
}

/** The condition of a level holds, but not for as long as the level needs: the alert is pending. */
function wait(alert: AlertState, { since, waits }: TimedLevels, { levels }: LifeRule): void {
  alert.phase = 'pending';
  alert.severity = levels[waits]?.severity ?? alert.severity;
  alert.since ??= changeAt(alert, since);
}

/**
 * Ends what fires while the schedule is closed, if the rule says so; call it before `judge`. Returns the transition to
 * publish, if any. A condition that holds continues: the alert is pending until the schedule opens, and `for` runs.
 */
export function close(alert: AlertState, cause: Cause, now: number, rule: LifeRule): Move | undefined {
  if (alert.phase !== 'firing' || !cause.byClock || rule.schedule === null) return undefined;
  if (rule.schedule.resolvesAt(now) > now) return undefined;
  const { since, ceased } = alert;
  const move = resolve(alert, 'schedule', ceased?.at ?? now);
  if (ceased !== null) return move;
  alert.phase = 'pending';
  alert.since = since;
  alert.changedAt = now;
  return move;
}

/** Silence that the rule alerts on: it does not wait for `for`. */
const isAlarm = ({ silent }: AlertState, { noData }: LifeRule): boolean => silent && noData?.then === 'alert';

function begin(
  alert: AlertState,
  verdict: Verdict,
  alarm: boolean,
  cause: Cause,
  now: number,
  rule: LifeRule,
): Move | undefined {
  if (alert.since === null || alert.ceased !== null) {
    const at = changeAt(alert, verdict.levels === undefined ? cause.at : startOf(verdict.levels, cause));
    alert.since ??= at;
    if (alert.phase !== 'firing') markOverdue(alert, alert.since, rule.forMs, { cause, now, rule });
  }
  alert.ceased = null;
  if (verdict.holds === true && alert.bySilence === true) delete alert.bySilence;
  if (alert.phase === 'firing') return unlatch(alert, verdict, alarm);
  const isNew = alert.phase === 'inactive';
  alert.phase = 'pending';
  alert.severity = verdict.severity;
  // A level that was on before waits for the schedule, which opens after the events of its moment.
  const ripe = verdict.levels?.turnsOn === true || isRipe(alert, alarm, isNew, cause, now, rule);
  if (!ripe || rule.schedule?.isOpen(now) === false) return undefined;
  if (verdict.holds !== true) alert.bySilence = true;
  if (alert.overdue !== undefined) delete alert.overdue;
  alert.phase = 'firing';
  alert.episode += 1;
  alert.changes = 0;
  if (alert.reacknowledge !== undefined) reacknowledge(alert, alert.reacknowledge);
  alert.remindAt = rule.repeatMs === null ? null : now + rule.repeatMs;
  return { status: 'firing', reason: alarm ? 'noData' : 'condition', startsAt: alert.since, endsAt: null };
}

/** In a rebuilt set, an episode that was acknowledged before is so again. */
function reacknowledge(alert: AlertState, { episode, mark }: NonNullable<AlertState['reacknowledge']>): void {
  if (alert.episode < episode) return;
  delete alert.reacknowledge;
  if (alert.episode === episode) alert.acknowledged = mark;
}

/** Whether `for` has passed. */
function isRipe(alert: AlertState, alarm: boolean, isNew: boolean, cause: Cause, now: number, rule: LifeRule): boolean {
  const due = (alert.since ?? 0) + rule.forMs;
  if (alarm && cause.byClock) return true;
  // One that was pending already, for a version with `for`, may have begun by an event that is ahead of the clock.
  if (isNew && rule.forMs === 0) return true;
  return cause.byClock ? now >= decidedAt(alert, due) : isProven(alert, due, cause, now);
}

/** Silence is since the event or the moment that brings it about. */
const startOf = ({ since }: TimedLevels, cause: Cause): number => (since < Infinity ? since : cause.at);

/** The condition has ended, but nobody has acknowledged the alert. */
function latch(alert: AlertState, reason: AlertReason): Move | undefined {
  if (alert.latched === true) return undefined;
  alert.latched = true;
  alert.changes += 1;
  return { status: 'latched', reason, startsAt: alert.since, endsAt: null };
}

/** The condition of a firing alert holds: of a latched one it does so again, in the same episode. */
function unlatch(alert: AlertState, verdict: Verdict, alarm: boolean): Move | undefined {
  const move = changeSeverity(alert, verdict);
  // Deleting what is not there costs more than the rest of a judgement.
  if (alert.latched === undefined) return move;
  delete alert.latched;
  if (move !== undefined) return move;
  alert.changes += 1;
  return { status: 'unlatched', reason: alarm ? 'noData' : 'condition', startsAt: alert.since, endsAt: null };
}

function changeSeverity(alert: AlertState, { holds, severity }: Verdict): Move | undefined {
  if (holds !== true || severity === alert.severity) return undefined;
  alert.severity = severity;
  alert.changes += 1;
  return { status: 'severity', reason: 'condition', startsAt: alert.since ?? 0, endsAt: null };
}

function cease(alert: AlertState, { levels }: Verdict, cause: Cause, now: number, rule: LifeRule): Move | undefined {
  if (alert.phase === 'inactive') return undefined;
  const { at, reason } = levels?.ceased ?? { at: cause.at, reason: cause.ceased };
  if (alert.phase === 'pending') {
    changeAt(alert, at);
    endPending(alert);
    return undefined;
  }
  const isNew = alert.ceased === null;
  if (alert.ceased === null) {
    alert.ceased = { at: changeAt(alert, at), reason };
    markOverdue(alert, alert.ceased.at, rule.keepFiringForMs, { cause, now, rule });
  }
  const due = alert.ceased.at + rule.keepFiringForMs;
  const over =
    (isNew && rule.keepFiringForMs === 0) ||
    (cause.byClock ? now >= decidedAt(alert, due) : isProven(alert, due, cause, now));
  if (!over && alert.latched !== true) return undefined;
  if (rule.latch && alert.acknowledged === undefined) return latch(alert, alert.ceased.reason);
  return resolve(alert, alert.ceased.reason, alert.ceased.at);
}

/** When the condition started or stopped. A late event may be older than the last change, which is then used. */
function changeAt(alert: AlertState, at: number): number {
  alert.changedAt = Math.max(at, alert.changedAt ?? -Infinity);
  return alert.changedAt;
}

/** Silence resolves the alert and suppresses it until the next event. */
function hush(alert: AlertState, now: number): Move | undefined {
  // The next event begins anew.
  delete alert.levels;
  if (alert.phase === 'inactive') return undefined;
  // It may have started at the time of an event that is ahead of the clock.
  const at = alert.ceased?.at ?? Math.max(now, alert.changedAt ?? now);
  alert.changedAt = at;
  if (alert.phase === 'firing') return resolve(alert, 'noData', at);
  endPending(alert);
  return undefined;
}

function endPending(alert: AlertState): void {
  alert.phase = 'inactive';
  alert.since = null;
  if (alert.overdue !== undefined) delete alert.overdue;
  if (alert.bySilence !== undefined) delete alert.bySilence;
  if (alert.latched !== undefined) delete alert.latched;
}

/** Ends an episode whatever its condition. Only for a firing alert. */
export function resolve(alert: AlertState, reason: AlertReason, endsAt: number): Move {
  const startsAt = alert.since ?? endsAt;
  const { acknowledged } = alert;
  endPending(alert);
  alert.ceased = null;
  alert.remindAt = null;
  const move: Move = { status: 'resolved', reason, startsAt, endsAt };
  if (acknowledged === undefined) return move;
  delete alert.acknowledged;
  return { ...move, acknowledged };
}

/** The next time at which this alert must be judged, or Infinity. */
export function nextMoment(alert: AlertState, rule: LifeRule, now: number): number {
  if (alert.phase === 'inactive') return Infinity;
  const levelsAt = rule.timesLevels ? levelsMoment(alert, rule) : Infinity;
  if (alert.phase === 'pending') return Math.min(levelsAt, firesAt(alert, rule, now));
  const reminds = rule.repeatMs === null ? Infinity : (alert.remindAt ?? Infinity);
  return Math.min(resolvesAt(alert, rule), reminds, rule.schedule?.resolvesAt(now) ?? Infinity, levelsAt);
}

/** When a firing alert whose condition has stopped resolves, or is latched. */
function resolvesAt(alert: AlertState, rule: LifeRule): number {
  const { ceased, latched, acknowledged } = alert;
  if (ceased === null || (latched === true && acknowledged === undefined)) return Infinity;
  return decidedAt(alert, ceased.at + rule.keepFiringForMs);
}

/** When a pending alert fires if nothing changes. */
function firesAt(alert: AlertState, rule: LifeRule, now: number): number {
  const since = alert.since ?? Infinity;
  const isOn = alert.levels?.some(({ on }) => on) === true;
  if (rule.timesLevels && !isOn && !isAlarm(alert, rule)) return Infinity;
  const ripe = isAlarm(alert, rule) ? since : decidedAt(alert, since + rule.forMs);
  return rule.schedule === null ? ripe : rule.schedule.nextOpen(Math.max(ripe, now));
}
