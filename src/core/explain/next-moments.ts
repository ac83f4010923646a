import { nextMoment } from '../alerts/lifecycle.ts';
import { silentFrom, staleMoment } from '../evaluation/partition/evaluate-partition.ts';
import { sequenceMoment } from '../evaluation/partition/pass-nots.ts';
import type { AlertState } from '../model/partition-set/partition-set-state.ts';
import type { PartitionEntry } from '../partition-set/partition-index.ts';
import { isLive, type PartitionSet } from '../partition-set/partition-set.ts';
import { isoTime } from '../primitives/text/iso-time.ts';
import type { NextMoment } from './explanation.ts';

/** What happens to a partition set without another event. Unsorted. */
export function nextOfSet({ rule, state }: PartitionSet): NextMoment[] {
  return [
    ...(rule.each ? [] : nextOfAlert(rule, state.alert, state.now)),
    ...moment(state.nextHeartbeatAt, 'the heartbeat is published'),
  ];
}

/** What happens to a partition without another event of it. Unsorted. */
export function nextOfPartition(set: PartitionSet, entry: PartitionEntry): NextMoment[] {
  const { rule, state } = set;
  const { partition } = entry;
  const { alert, memory, sequence } = partition;
  const stale = isLive(partition) ? staleMoment(set, partition) : Infinity;
  const silent = alert === undefined || alert.silent ? Infinity : silentFrom(set, entry);
  const lasting = rule.leaves.flatMap(({ forMs, memory: place }) => {
    const { since = null, ripe = false } = memory[place] ?? {};
    return forMs === 0 || since === null || ripe ? [] : moment(since + forMs, 'a condition has held for its `for`');
  });
  return [
    ...(alert === undefined ? [] : nextOfAlert(rule, alert, state.now)),
    ...lasting,
    ...(sequence === undefined
      ? []
      : moment(sequenceMoment(rule.steps, sequence), 'a `not` of the sequence has passed')),
    ...(lasting.length === 0 && sequence === undefined
      ? moment(partition.moment, 'a value changes, as events leave their window or time passes')
      : []),
    ...moment(stale, 'its data expires (staleAfter)'),
    ...moment(silent, 'it counts as silent (noData)'),
  ];
}

function nextOfAlert(rule: PartitionSet['rule'], alert: AlertState, now: number): NextMoment[] {
  const snooze = moment(alert.snoozed?.until ?? null, 'the snooze ends');
  if (alert.phase === 'inactive') return snooze;
  const { remindAt, ...others } = alert;
  const at = nextMoment({ ...others, remindAt: null }, rule, now);
  return [...snooze, ...moment(at, whatOf(rule, alert)), ...moment(remindAt, 'the reminder is published')];
}

function whatOf(
  { timesLevels, schedule, latch }: PartitionSet['rule'],
  { phase, ceased, acknowledged }: AlertState,
): string {
  if (phase === 'pending') return timesLevels ? 'a level has held for its `for`' : 'the alert fires';
  if (ceased !== null && latch && acknowledged === undefined)
    return 'the alert is latched, unless the condition holds again';
  if (ceased !== null) return 'the alert resolves, unless the condition holds again';
  return timesLevels || schedule === null ? 'a level ends or begins' : 'the schedule closes';
}

const moment = (at: number | null, what: string): NextMoment[] =>
  at === null || at === Infinity ? [] : [{ at: isoTime(at), what }];
