import { emitAlert } from '../alerts/envelope.ts';
import { resolve } from '../alerts/lifecycle.ts';
import { endSnooze } from '../alerts/snooze.ts';
import type { AlertReason } from '../model/alert/alert.ts';
import type { AlertState, PartitionSetState } from '../model/partition-set/partition-set-state.ts';
import { allAlerts, type PartitionSet } from '../partition-set/partition-set.ts';

/** Restarts the reminder interval at the change of the rule. */
export function restartReminders(state: PartitionSetState, repeatMs: number | null): void {
  for (const alert of alertsIn(state))
    alert.remindAt = alert.phase === 'firing' && repeatMs !== null ? state.now + repeatMs : null;
}

/** Forgets since when each level holds: the new version has others. */
export function forgetLevels(state: PartitionSetState): void {
  for (const alert of alertsIn(state)) delete alert.levels;
}

const alertsIn = ({ alert, partitions }: PartitionSetState): AlertState[] => [
  alert,
  ...Object.values(partitions).flatMap((partition) => partition.alert ?? []),
];

/** Ends the alerts of a set, with their snoozes: those that fire resolve with the reason. */
export function endAlerts(set: PartitionSet, reason: AlertReason): void {
  for (const { alert, ...place } of allAlerts(set)) {
    if (alert.phase === 'firing') emitAlert(set, { ...resolve(alert, reason, set.state.now), alert, ...place });
    Object.assign(alert, { phase: 'inactive', since: null });
    delete alert.levels;
    if (alert.snoozed !== undefined) endSnooze(set, { alert, ...place }, reason, set.state.now);
  }
}
