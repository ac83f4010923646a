import { emitAlert, named } from '../../alerts/envelope.ts';
import { marksOf, ownMoment } from '../../alerts/marks.ts';
import type { CompiledRule } from '../../compilation/compile-rule.ts';
import type { AlertStatus } from '../../model/alert/alert.ts';
import type { ActionResult, AlertAction, OperatorAction } from '../../model/alert/operator-action.ts';
import type { AlertState, Mark, SnoozeMark } from '../../model/partition-set/partition-set-state.ts';
import { partitionKey, type PartitionEntry } from '../../partition-set/partition-index.ts';
import { weigh, type PartitionSet } from '../../partition-set/partition-set.ts';
import { weightOf } from '../../partition-set/weight.ts';
import { VigilError } from '../../primitives/errors.ts';
import { LIMITS } from '../../primitives/limits.ts';
import { partitionMoment } from '../partition/evaluate-partition.ts';
import { scheduleDeadline, setOwnDeadline } from '../reevaluate.ts';

/*
 * What people do about an alert. It changes the marks of the alert, and never when or what it fires. The set's clock
 * stays where it is: events stored before the action may still be in flight.
 */

interface Kind {
  status: AlertStatus;
  changes: (alert: AlertState, action: OperatorAction) => boolean;
  make: (alert: AlertState, mark: Mark & Partial<SnoozeMark>) => void;
}

const KINDS: Record<AlertAction, Kind> = {
  acknowledge: {
    status: 'acknowledged',
    changes: ({ acknowledged }) => acknowledged === undefined,
    make: (alert, mark) => void (alert.acknowledged = mark),
  },
  unacknowledge: {
    status: 'unacknowledged',
    changes: ({ acknowledged }) => acknowledged !== undefined,
    make(alert) {
      delete alert.acknowledged;
    },
  },
  snooze: {
    status: 'snoozed',
    changes: ({ snoozed }, { until }) => snoozed?.until !== until,
    make: (alert, { until = 0, ...mark }) => void (alert.snoozed = { ...mark, until }),
  },
  unsnooze: {
    status: 'unsnoozed',
    changes: ({ snoozed }) => snoozed !== undefined,
    make(alert) {
      delete alert.snoozed;
    },
  },
};

/** The alert of an action: that of a partition, or (`entry` null) that of the set. */
interface Target {
  alert: AlertState;
  entry: PartitionEntry | null;
}

/**
 * Finds the alert of an action, and checks that the action is allowed now.
 * @throws VigilError ACTION_INVALID, PARTITION_NOT_FOUND, ALERT_NOT_FIRING, ALERT_EPISODE_OVER, PARTITION_SET_FULL
 */
export function checkAction(set: PartitionSet, action: OperatorAction): Target {
  const target = targetOf(set, action);
  const { episode, phase } = target.alert;
  if (action.episode !== undefined && action.episode !== episode)
    throw new VigilError('ALERT_EPISODE_OVER', `Its newest episode is ${episode}. Read the alert again.`, { episode });
  if (action.name === 'acknowledge' && phase !== 'firing')
    throw new VigilError('ALERT_NOT_FIRING', `It is ${phase}: there is nothing to acknowledge.`, { state: phase });
  const isMore = action.name === 'acknowledge' || action.name === 'snooze';
  if (isMore && target.entry !== null && set.weight > LIMITS.stateBytes)
    throw new VigilError('PARTITION_SET_FULL', 'Split the rule with groupBy, or let data go stale.');
  return target;
}

/** Applies an action. One that changes nothing publishes nothing. `nowMs`: the clock of people. @throws as checkAction */
export function act(set: PartitionSet, action: OperatorAction, nowMs: number): ActionResult {
  const { alert, entry } = checkAction(set, action);
  const { status, changes, make } = KINDS[action.name];
  const changed = changes(alert, action);
  if (changed) {
    const { by, note, until } = action;
    const at = ownMoment(alert, nowMs);
    const mark = { by, at, ...(until !== undefined && { until }), ...(note !== undefined && { note }) };
    make(alert, mark);
    const partition = entry === null ? {} : { partition: entry.partition };
    const draft = { reason: 'operator', startsAt: alert.since, endsAt: null, action: mark, momentMs: at } as const;
    emitAlert(set, { status, alert, ...draft, ...partition });
    marksChanged(set, entry);
  }
  const { episode, phase: state, severity } = alert;
  const partition = named(set.rule.partitionBy, entry?.partition.key);
  return { changed, partition, episode, state, severity, ...marksOf(alert) };
}

/** Call it when the marks of an alert have changed: they have a deadline and a weight. */
export function marksChanged(set: PartitionSet, entry: PartitionEntry | null): void {
  // As in resumePartitionSet: the deadlines of the clock's own moment may not have been handled.
  if (entry === null) return setOwnDeadline(set, set.state.now - 1);
  weigh(set, entry, weightOf(set.rule, entry));
  scheduleDeadline(set, entry, partitionMoment(set, entry));
}

function targetOf(set: PartitionSet, action: OperatorAction): Target {
  const key = keyOfAction(set.rule, action);
  if (key === null) return { alert: set.state.alert, entry: null };
  const entry = set.index.get(key);
  const alert = entry?.partition.alert;
  if (entry !== undefined && alert !== undefined) return { alert, entry };
  const advice = 'It has the partitions that have reported since it started, and those that the rule expects.';
  throw new VigilError('PARTITION_NOT_FOUND', advice, { partition: action.partition });
}

/** The key of the partition that an action names; null for the set's own alert. @throws VigilError ACTION_INVALID */
export function keyOfAction({ each, partitionBy }: CompiledRule, { partition = {} }: OperatorAction): string | null {
  const names = Object.keys(partition);
  if (!each) {
    if (names.length === 0) return null;
    throw new VigilError('ACTION_INVALID', 'Leave out `partition`: the rule has one alert for all partitions.');
  }
  if (names.length !== partitionBy.length || !partitionBy.every((property) => Object.hasOwn(partition, property)))
    throw new VigilError(
      'ACTION_INVALID',
      `Name the alert's partition: \`partition\` with ${partitionBy.join(', ')}.`,
      {
        partitionBy,
      },
    );
  return partitionKey(partitionBy.map((property) => partition[property] ?? null));
}
