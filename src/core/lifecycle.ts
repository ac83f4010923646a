import type { AlertReason, AlertStatus } from './alert.ts';
import type { AlertState } from './state.ts';

/** How long things must last, milliseconds. */
export interface LifeTimes {
  forMs: number;
  keepFiringForMs: number;
  repeatMs: number | null;
}

/** Why a condition is judged now: an event or a deadline, with its own time, and what to say if the condition has ceased. */
export interface Cause {
  at: number;
  ceased: 'cleared' | 'staleData' | 'ruleUpdated';
}

export interface Move {
  status: Extract<AlertStatus, 'firing' | 'resolved'>;
  reason: AlertReason;
  startsAt: number;
  endsAt: number | null;
}

/**
 * One turn of an alert's life: inactive → pending → firing → inactive. Changes `alert`; tells the move that must be
 * published, if there is one. A condition that ceases ends pending at once; firing ends when `keepFiringFor` has passed.
 */
export function judge(alert: AlertState, holds: boolean, cause: Cause, now: number, times: LifeTimes): Move | undefined {
  return holds ? begin(alert, cause, now, times) : cease(alert, cause, now, times);
}

function begin(alert: AlertState, cause: Cause, now: number, times: LifeTimes): Move | undefined {
  alert.ceased = null;
  // A late event may be older than the moment at which the condition last broke: it cannot have held through that.
  alert.since ??= Math.max(cause.at, alert.brokenAt ?? -Infinity);
  if (alert.phase === 'firing') return undefined;
  alert.phase = 'pending';
  if (now - alert.since < times.forMs) return undefined;
  alert.phase = 'firing';
  alert.episode += 1;
  alert.remindAt = times.repeatMs === null ? null : now + times.repeatMs;
  return { status: 'firing', reason: 'condition', startsAt: alert.since, endsAt: null };
}

function cease(alert: AlertState, cause: Cause, now: number, times: LifeTimes): Move | undefined {
  if (alert.phase === 'inactive') return undefined;
  alert.brokenAt = Math.max(cause.at, alert.brokenAt ?? -Infinity);
  if (alert.phase === 'pending') {
    alert.phase = 'inactive';
    alert.since = null;
    return undefined;
  }
  alert.ceased ??= { at: cause.at, reason: cause.ceased };
  if (now - alert.ceased.at < times.keepFiringForMs) return undefined;
  return resolve(alert, alert.ceased.reason, alert.ceased.at);
}

/** Ends an episode, whatever its condition says. Only for an alert that fires. */
export function resolve(alert: AlertState, reason: AlertReason, endsAt: number): Move {
  const startsAt = alert.since ?? endsAt;
  alert.phase = 'inactive';
  alert.since = null;
  alert.ceased = null;
  alert.remindAt = null;
  return { status: 'resolved', reason, startsAt, endsAt: Math.max(endsAt, startsAt) };
}

/** The next moment at which this alert must be looked at, or Infinity. */
export function nextMoment(alert: AlertState, times: LifeTimes): number {
  if (alert.phase === 'pending') return (alert.since ?? Infinity) + times.forMs;
  if (alert.phase === 'inactive') return Infinity;
  return Math.min(alert.ceased === null ? Infinity : alert.ceased.at + times.keepFiringForMs, times.repeatMs === null ? Infinity : (alert.remindAt ?? Infinity));
}
