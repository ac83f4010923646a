import type { CompiledRule } from '../compilation/compile-rule.ts';
import type { AlertReason } from '../model/alert/alert.ts';
import type { AlertState } from '../model/partition-set/partition-set-state.ts';
import type { PartitionSet } from '../partition-set/partition-set.ts';
import { emitAlert, type AlertDraft } from './envelope.ts';
import { ownMoment } from './marks.ts';

/** When the snooze of an alert ends by the set's clock, which is `lateTolerance` behind that of people; or Infinity. */
export const snoozeMoment = (
  { snoozed }: AlertState,
  { lateToleranceMs }: Pick<CompiledRule, 'lateToleranceMs'>,
): number => (snoozed === undefined ? Infinity : snoozed.until - lateToleranceMs);

/** The alert, and its partition if it is not the set's own. */
export type Snoozed = Pick<AlertDraft, 'alert' | 'partition'>;

/** Ends the snooze if its time has come. Call it after `judge`: the alert that reports it says what fires then. */
export function endDueSnooze(set: PartitionSet, about: Snoozed): void {
  const { snoozed } = about.alert;
  if (snoozed !== undefined && set.state.now >= snoozeMoment(about.alert, set.rule))
    endSnooze(set, about, 'snoozeEnded', snoozed.until);
}

/** Ends a snooze and publishes that. */
export function endSnooze(set: PartitionSet, about: Snoozed, reason: AlertReason, atMs: number): void {
  const { alert } = about;
  delete alert.snoozed;
  const momentMs = ownMoment(alert, atMs);
  emitAlert(set, { status: 'unsnoozed', reason, startsAt: alert.since, endsAt: null, momentMs, ...about });
}
