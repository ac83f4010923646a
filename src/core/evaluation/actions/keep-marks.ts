import type { AlertState } from '../../model/partition-set/partition-set-state.ts';
import { allAlerts, type PartitionSet } from '../../partition-set/partition-set.ts';
import { partitionKey } from '../../partition-set/partition-index.ts';
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

/** Puts the marks of the set's own alert back, before the events of the rebuild that come next: their alerts show them. */
export function putOwnMarksBack(set: PartitionSet, { generation, alerts }: KeptMarks): void {
  const { rule, state } = set;
  const own = alerts.find(({ partition }) => partition === undefined);
  if (own === undefined || rule.each) return;
  const { episode, acknowledged, snoozed, actedAt } = own;
  const { alert } = state;
  // A set of another generation counts its episodes anew.
  if (acknowledged !== undefined && state.generation === generation) {
    if (alert.phase === 'firing' && alert.episode === episode) alert.acknowledged = acknowledged;
    else alert.reacknowledge = { episode, mark: acknowledged };
  }
  Object.assign(alert, { ...(snoozed !== undefined && { snoozed }), ...(actedAt !== undefined && { actedAt }) });
  marksChanged(set, null);
}

/** Puts the marks of partitions back, after the events: an acknowledgement only if the same episode still fires. */
export function putPartitionMarksBack(set: PartitionSet, { generation, alerts }: KeptMarks): void {
  for (const { partition, episode, acknowledged, snoozed, actedAt } of alerts) {
    const entry = partition === undefined ? undefined : set.index.get(partition);
    const alert = entry?.partition.alert;
    if (entry === undefined || alert === undefined) continue;
    const isSame = set.state.generation === generation && alert.episode === episode && alert.phase === 'firing';
    if (acknowledged !== undefined && isSame) alert.acknowledged = acknowledged;
    Object.assign(alert, { ...(snoozed !== undefined && { snoozed }), ...(actedAt !== undefined && { actedAt }) });
    marksChanged(set, entry);
  }
}
