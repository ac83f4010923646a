import type { AlertReason, AlertStatus } from '../model/alert.ts';
import type { Cause } from '../model/cause.ts';
import type { CompiledRule } from '../compilation/compile-rule.ts';
import type { Severity } from '../model/severity.ts';
import type { AlertState } from '../model/partition-set-state.ts';
import { goesOn } from '../partition-set/level.ts';
import type { Truth } from '../primitives/truth.ts';
import { partitionKey } from '../partition-set/partition-index.ts';
import { isProof, overdueFrom } from '../model/overdue.ts';

/** The part of a rule that determines an alert's lifecycle. */
export type LifeRule = Pick<CompiledRule, 'forMs' | 'keepFiringForMs' | 'repeatMs' | 'noData' | 'schedule' | 'each'>;

/** The condition of an alert as of now. */
export interface Verdict {
  holds: Truth;
  /** Meaningful while it holds. */
  severity: Severity;
  /** From this time on there was no event for `noData.after`, epoch ms; Infinity: never. */
  silentFrom: number;
}

export interface Move {
  status: Extract<AlertStatus, 'firing' | 'resolved' | 'severity'>;
  reason: AlertReason;
  startsAt: number;
  endsAt: number | null;
}

/**
 * One step of an alert's lifecycle: inactive → pending → firing → inactive. Changes `alert`; returns the transition to
 * publish, if any. A condition that stops ends pending immediately; firing ends when `keepFiringFor` has passed. One that
 * is unknown ends pending too; a firing alert goes on, and one whose condition has stopped ends when it would have.
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
  return cease(alert, cause, now, rule);
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
    const at = changeAt(alert, cause);
    alert.since ??= at;
    if (alert.phase !== 'firing') markOverdue(alert, alert.since, rule.forMs, { cause, now, rule });
  }
  alert.ceased = null;
  if (verdict.holds === true && alert.bySilence === true) delete alert.bySilence;
  if (alert.phase === 'firing') return changeSeverity(alert, verdict);
  const isNew = alert.phase === 'inactive';
  alert.phase = 'pending';
  alert.severity = verdict.severity;
  const ripe = cause.byClock
    ? alarm || rule.forMs === 0 || now >= decidedAt(alert, alert.since + rule.forMs)
    : (isNew && rule.forMs === 0) || isProven(alert, alert.since + rule.forMs, cause);
  if (!ripe || rule.schedule?.isOpen(now) === false) return undefined;
  if (verdict.holds !== true) alert.bySilence = true;
  delete alert.overdue;
  alert.phase = 'firing';
  alert.episode += 1;
  alert.changes = 0;
  alert.remindAt = rule.repeatMs === null ? null : now + rule.repeatMs;
  return { status: 'firing', reason: alarm ? 'noData' : 'condition', startsAt: alert.since, endsAt: null };
}

function changeSeverity(alert: AlertState, { holds, severity }: Verdict): Move | undefined {
  if (holds !== true || severity === alert.severity) return undefined;
  alert.severity = severity;
  alert.changes += 1;
  return { status: 'severity', reason: 'condition', startsAt: alert.since ?? 0, endsAt: null };
}

function cease(alert: AlertState, cause: Cause, now: number, rule: LifeRule): Move | undefined {
  if (alert.phase === 'inactive') return undefined;
  if (alert.phase === 'pending') {
    changeAt(alert, cause);
    endPending(alert);
    return undefined;
  }
  if (alert.ceased === null) {
    alert.ceased = { at: changeAt(alert, cause), reason: cause.ceased };
    markOverdue(alert, alert.ceased.at, rule.keepFiringForMs, { cause, now, rule });
  }
  const due = alert.ceased.at + rule.keepFiringForMs;
  const over =
    rule.keepFiringForMs === 0 || (cause.byClock ? now >= decidedAt(alert, due) : isProven(alert, due, cause));
  if (!over) return undefined;
  return resolve(alert, alert.ceased.reason, alert.ceased.at);
}

/** When the condition started or stopped. A late event may be older than the last change, which is then used. */
function changeAt(alert: AlertState, cause: Cause): number {
  alert.changedAt = Math.max(cause.at, alert.changedAt ?? -Infinity);
  return alert.changedAt;
}

/** The condition started or stopped at `fromMs`: notes whether what is decided `lastsMs` later is overdue. */
function markOverdue(
  alert: AlertState,
  fromMs: number,
  lastsMs: number,
  { cause, now, rule }: { cause: Cause; now: number; rule: LifeRule },
): void {
  delete alert.overdue;
  const until = lastsMs === 0 ? undefined : overdueFrom(fromMs + lastsMs, now, cause);
  if (until === undefined) return;
  alert.overdue = { until };
  const by = rule.each ? undefined : keyOf(cause);
  if (by !== undefined) alert.overdue.by = by;
}

/** Whether an event of the partition that started or stopped the condition proves what is overdue. */
function isProven({ overdue }: AlertState, dueMs: number, cause: Cause): boolean {
  if (overdue === undefined) return false;
  const { by } = overdue;
  return (by === undefined || by === keyOf(cause)) && isProof(dueMs, cause);
}

const keyOf = ({ causedBy }: Cause): string | undefined => causedBy && partitionKey(causedBy.key);

/** When the clock decides what is due at `dueMs`. */
const decidedAt = ({ overdue }: AlertState, dueMs: number): number => Math.max(dueMs, overdue?.until ?? -Infinity);

/** Silence resolves the alert and suppresses it until the next event. */
function hush(alert: AlertState, now: number): Move | undefined {
  if (alert.phase === 'inactive') return undefined;
  // It may have started at the time of an event that is ahead of the clock.
  const at = alert.ceased?.at ?? Math.max(now, alert.changedAt ?? now);
  alert.changedAt = at;
  if (alert.phase === 'firing') return resolve(alert, 'noData', at);
  endPending(alert);
  return undefined;
}

function endPending(alert: AlertState): void {
  delete alert.overdue;
  alert.phase = 'inactive';
  alert.since = null;
  delete alert.bySilence;
}

/** Ends an episode whatever its condition. Only for a firing alert. */
export function resolve(alert: AlertState, reason: AlertReason, endsAt: number): Move {
  const startsAt = alert.since ?? endsAt;
  endPending(alert);
  alert.ceased = null;
  alert.remindAt = null;
  return { status: 'resolved', reason, startsAt, endsAt };
}

/** The next time at which this alert must be judged, or Infinity. */
export function nextMoment(alert: AlertState, rule: LifeRule, now: number): number {
  if (alert.phase === 'inactive') return Infinity;
  if (alert.phase === 'pending') {
    const since = alert.since ?? Infinity;
    const ripe = isAlarm(alert, rule) ? since : decidedAt(alert, since + rule.forMs);
    return rule.schedule === null ? ripe : rule.schedule.nextOpen(Math.max(ripe, now));
  }
  const ends = alert.ceased === null ? Infinity : decidedAt(alert, alert.ceased.at + rule.keepFiringForMs);
  const reminds = rule.repeatMs === null ? Infinity : (alert.remindAt ?? Infinity);
  return Math.min(ends, reminds, rule.schedule?.resolvesAt(now) ?? Infinity);
}
