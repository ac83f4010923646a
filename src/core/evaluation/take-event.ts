import type { Cause } from '../model/alert/cause.ts';
import type { ProjectedEvent } from '../model/event/projected-event.ts';
import { reportLimit } from '../alerts/limit-alert.ts';
import { isLive, join, newPartition, type PartitionSet } from '../partition-set/partition-set.ts';
import { keyBytes, keyValues, partitionKey, type PartitionEntry } from '../partition-set/partition-index.ts';
import { shedLoad } from '../partition-set/shed-load.ts';
import { weightOf } from '../partition-set/weight.ts';
import { mostPartitions } from '../partition-set/partitions-max.ts';
import { LIMITS } from '../primitives/limits.ts';
import type { Scalar } from '../primitives/value.ts';
import { applySettings } from './apply-settings.ts';
import { addEvent, updateAnswers } from './partition/evaluate-partition.ts';
import { expectAgain, forgetOnEvent } from './forget-on-event.ts';
import { reevaluatePartition, reevaluateSet } from './reevaluate.ts';

/** Only a piece that records its changes needs the list of changed partitions. */
const NOBODY: readonly PartitionEntry[] = [];

/**
 * Takes an event into the partitions.
 * @param arrivedAt when it arrived, epoch ms
 * @param position where it belongs in the order of the set (Cause)
 */
export function takeEvent(
  set: PartitionSet,
  event: ProjectedEvent,
  arrivedAt: number,
  position: number,
  sequence?: number,
): void {
  const { state, rule } = set;
  const cause: Cause = {
    at: event.time,
    ceased: 'cleared',
    byClock: false,
    arrivedAt,
    mayProve: set.mayProve,
    causedBy: undefined,
  };
  // Only with `lateTolerance`: two fields less for every other event.
  if (sequence !== undefined) cause.sequence = sequence;
  if (position < state.now) cause.position = position;
  if (event.forgets === true) return forget(set, event, cause);
  if (event.isSettings === true) return takeSettings(set, event, cause);
  const entry = set.index.find(rule.partitionBy, event.data) ?? admit(set, keyValues(rule.partitionBy, event.data));
  if (entry === undefined) {
    state.counters.overflow += 1;
    return;
  }
  const { partition } = entry;
  const wasLive = isLive(partition);
  cause.causedBy = partition;
  if (partition.forgotten === true) expectAgain(set, entry, event.time);
  const completes = addEvent(set, entry, event, cause);
  if (set.weight > LIMITS.stateBytes && shedLoad(rule, entry, state.now)) reportLimit(set, 'stateBytes');
  state.lastEventAt = Math.max(state.lastEventAt ?? event.time, event.time);
  state.counters.applied += 1;
  cause.ceased = updateAnswers(set, entry, wasLive, cause);
  // An event that is already stale is dropped with all other data, and completes nothing.
  reevaluatePartition(set, entry, cause, completes && isLive(partition));
  reevaluateSet(set, set.piece?.record === undefined ? NOBODY : [entry], cause);
}

function forget(set: PartitionSet, event: ProjectedEvent, cause: Cause): void {
  set.state.counters.applied += 1;
  const entry = set.index.find(set.rule.partitionBy, event.data);
  if (entry !== undefined) forgetOnEvent(set, entry, cause);
}

function takeSettings(set: PartitionSet, event: ProjectedEvent, cause: Cause): void {
  const { state, rule } = set;
  const values = rule.settings?.placeIn(event.data);
  // It waited for a version of the rule that had other settings.
  if (values === undefined) return;
  const entry = values === null ? null : (set.index.find(rule.partitionBy, event.data) ?? admit(set, values));
  if (entry === undefined) state.counters.overflow += 1;
  else applySettings(set, entry, event, cause);
}

/** Adds a new partition, if there is room. */
function admit(set: PartitionSet, values: Scalar[]): PartitionEntry | undefined {
  const key = partitionKey(values);
  const partition = newPartition(set.rule, values);
  const full =
    set.index.size >= mostPartitions(set.state)
      ? 'partitions'
      : set.weight + weightOf(set.rule, { keyBytes: keyBytes(key), partition }) > LIMITS.stateBytes
        ? 'stateBytes'
        : null;
  if (full !== null) {
    reportLimit(set, full);
    return undefined;
  }
  set.state.partitions[key] = partition;
  if (partition.alert !== undefined) set.phases.inactive += 1;
  return join(set, key, partition);
}
