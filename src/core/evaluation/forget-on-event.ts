import { emitAlert } from '../alerts/envelope.ts';
import { resolve } from '../alerts/lifecycle.ts';
import type { Cause } from '../model/alert/cause.ts';
import type { PartitionState } from '../model/partition-set/partition-set-state.ts';
import type { PartitionEntry } from '../partition-set/partition-index.ts';
import { forgetData, isLive, weigh, type PartitionSet } from '../partition-set/partition-set.ts';
import { weightOf } from '../partition-set/weight.ts';
import { updateAnswers } from './partition/evaluate-partition.ts';
import { reevaluatePartition, reevaluateSet } from './reevaluate.ts';

/**
 * Removes the partition of an event that matches `forgetOn`: its own alert resolves at once, it is no longer live, and
 * not expected until it reports again. What has to outlive it stays: that its alert has fired, and that it is forgotten.
 */
export function forgetOnEvent(set: PartitionSet, entry: PartitionEntry, of: Cause): void {
  const { partition } = entry;
  const wasLive = isLive(partition);
  const isGone = !wasLive && !entry.isExpected && partition.alert === undefined;
  // The alert of the set shows it as it was.
  const cause: Cause = { ...of, ceased: 'forgotten', causedBy: { ...partition }, mayProve: () => false };
  endOwnAlert(set, partition, cause.at);
  forgetData(set.rule, partition);
  partition.last = null;
  delete partition.settings;
  entry.windows = [];
  updateAnswers(set, entry, wasLive, cause);
  if (entry.isExpected) expectNot(set, entry);
  reevaluatePartition(set, entry, cause);
  // It counted for nothing: the set is as before.
  if (!isGone) reevaluateSet(set, set.piece?.record === undefined ? [] : [entry], cause);
}

function endOwnAlert(set: PartitionSet, partition: PartitionState, atMs: number): void {
  const { alert } = partition;
  if (alert === undefined) return;
  const { phase, ceased, changedAt } = alert;
  alert.silent = false;
  delete alert.levels;
  if (phase === 'inactive') return;
  alert.changedAt = Math.max(ceased === null ? atMs : -Infinity, changedAt ?? -Infinity);
  const move = resolve(alert, 'forgotten', ceased?.at ?? alert.changedAt);
  set.phases[phase] -= 1;
  set.phases.inactive += 1;
  if (phase === 'firing') emitAlert(set, { ...move, alert, partition });
}

function expectNot(set: PartitionSet, entry: PartitionEntry): void {
  entry.isExpected = false;
  entry.partition.forgotten = true;
  set.forgotten += 1;
  weigh(set, entry, weightOf(set.rule, entry));
}

/** A forgotten partition that reports again is expected again, and known since then. */
export function expectAgain(set: PartitionSet, entry: PartitionEntry, timeMs: number): void {
  if (set.rule.slotsToFill !== null) entry.partition.knownSince = timeMs;
  entry.isExpected = true;
  delete entry.partition.forgotten;
  set.forgotten -= 1;
}
