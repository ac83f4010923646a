import type { Acknowledgement, AlertData, Snooze } from '../model/alert/alert.ts';
import type { AlertState, Mark, SnoozeMark } from '../model/partition-set/partition-set-state.ts';
import { isoTime } from '../primitives/text/iso-time.ts';

/** A mark as alerts and answers show it. */
export function shownMark(mark: SnoozeMark): Snooze;
export function shownMark(mark: Mark | SnoozeMark): Acknowledgement & Partial<Pick<Snooze, 'until'>>;
export function shownMark({
  by,
  at,
  note,
  until,
}: Mark & Partial<SnoozeMark>): Acknowledgement & Partial<Pick<Snooze, 'until'>> {
  return {
    by,
    at: isoTime(at),
    ...(until !== undefined && { until: isoTime(until) }),
    ...(note !== undefined && { note }),
  };
}

/** The marks of an alert, as alerts and answers show them. */
export const marksOf = ({
  acknowledged,
  snoozed,
}: Pick<AlertState, 'acknowledged' | 'snoozed'>): Pick<AlertData, 'acknowledged' | 'snoozed'> => ({
  ...(acknowledged !== undefined && { acknowledged: shownMark(acknowledged) }),
  ...(snoozed !== undefined && { snoozed: shownMark(snoozed) }),
});

/** Gives a change of an alert's marks a time of its own, as the alert that reports it has the time in its id. */
export function ownMoment(alert: AlertState, nowMs: number): number {
  alert.actedAt = Math.max(nowMs, (alert.actedAt ?? -Infinity) + 1);
  return alert.actedAt;
}
