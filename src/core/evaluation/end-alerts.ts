import { emitAlert } from '../alerts/envelope.ts';
import { resolve } from '../alerts/lifecycle.ts';
import type { AlertReason } from '../model/alert.ts';
import type { PartitionSetState } from '../model/partition-set-state.ts';
import { allAlerts, type PartitionSet } from '../partition-set/partition-set.ts';

/** Restarts the reminder interval at the change of the rule. */
export function restartReminders({ alert, partitions, now }: PartitionSetState, repeatMs: number | null): void {
  for (const each of [alert, ...Object.values(partitions).flatMap((partition) => partition.alert ?? [])]) {
    each.remindAt = each.phase === 'firing' && repeatMs !== null ? now + repeatMs : null;
  }
}

/** Ends the alerts of a set: those that fire resolve with the reason. */
export function endAlerts(set: PartitionSet, reason: AlertReason): void {
  for (const { alert, ...place } of allAlerts(set)) {
    if (alert.phase === 'firing') emitAlert(set, { ...resolve(alert, reason, set.state.now), alert, ...place });
    Object.assign(alert, { phase: 'inactive', since: null });
  }
}
