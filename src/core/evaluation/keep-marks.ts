import type { AlertState } from '../model/partition-set-state.ts';
import { allAlerts, type PartitionSet } from '../partition-set/partition-set.ts';
import { partitionKey } from '../partition-set/partition-index.ts';
import { marksChanged } from './act.ts';

/** What people did about the alerts of a set that is rebuilt: the event stream does not have it. Stored names. */
export interface KeptMarks {
  generation: string;
  alerts: KeptMark[];
}

interface KeptMark extends Pick<AlertState, 'episode' | 'acknowledged' | 'snoozed' | 'actedAt'> {
  /** The key of the partition; absent for the set's own alert. */
  partition?: string;
}

/** The marks of a set; undefined if there are none. */
export function keepMarks(set: PartitionSet): KeptMarks | undefined {
  const alerts = allAlerts(set).flatMap(({ alert, partition }): KeptMark[] => {
    const { episode, acknowledged, snoozed, actedAt } = alert;
    if (acknowledged === undefined && snoozed === undefined) return [];
    return [
      {
        episode,
        ...(partition !== undefined && { partition: partitionKey(partition.key) }),
        ...(acknowledged !== undefined && { acknowledged }),
        ...(snoozed !== undefined && { snoozed }),
        ...(actedAt !== undefined && { actedAt }),
      },
    ];
  });
  return alerts.length === 0 ? undefined : { generation: set.state.generation, alerts };
}

/** Puts marks back: an acknowledgement only if the same episode still fires. Alerts that the set lacks have lost theirs. */
export function putMarksBack(set: PartitionSet, { generation, alerts }: KeptMarks): void {
  for (const { partition, episode, acknowledged, snoozed, actedAt } of alerts) {
    const entry = partition === undefined ? null : set.index.get(partition);
    const alert = partition === undefined ? ownAlert(set) : entry?.partition.alert;
    if (alert === undefined || entry === undefined) continue;
    // A set of another generation counts its episodes anew.
    const isSame = set.state.generation === generation && alert.episode === episode && alert.phase === 'firing';
    if (acknowledged !== undefined && isSame) alert.acknowledged = acknowledged;
    if (snoozed !== undefined) alert.snoozed = snoozed;
    if (actedAt !== undefined) alert.actedAt = actedAt;
    marksChanged(set, entry);
  }
}

const ownAlert = ({ rule, state }: PartitionSet): AlertState | undefined => (rule.each ? undefined : state.alert);
