import type { LatchMark } from '../model/partition-set/partition-set-state.ts';
import { SEVERITIES } from '../model/alert/severity.ts';
import type { LatchChange, PartitionSet } from '../partition-set/partition-set.ts';
import type { LatchCounts, PieceState } from './shard-state.ts';

/*
 * The latched partitions of a split set, which only its coordinator can count: a partition is latched if its shard
 * marked it after the alert began to fire, and the alert has fired since.
 */

/** Counts the changes of marks that matter to the alert that fires now. */
export function applyLatchChanges(coordinator: PartitionSet, changes: readonly LatchChange[]): void {
  for (const [level, mark, count, unknown] of changes)
    if (isLatched(coordinator, mark)) addLatched(coordinator, level, count, unknown);
}

/** Whether a partition with this mark is latched. */
export function isLatched(coordinator: PartitionSet, mark: LatchMark): boolean {
  const from = latchesOf(coordinator)?.from;
  if (from === undefined || coordinator.state.alert.phase !== 'firing') return false;
  const first = mark.findIndex((part, index) => part !== from[index]);
  return first >= 0 && (mark[first] ?? 0) > (from[first] ?? 0);
}

/** Notes the place at which the alert began to fire, if it did so since the episode. */
export function noteFiring(coordinator: PartitionSet, episode: number, position: number, sequence: number): void {
  const { state, rule } = coordinator;
  const { assembly }: PieceState = state;
  if (!rule.latches || state.alert.phase !== 'firing' || state.alert.episode === episode) return;
  if (assembly !== undefined) assembly.latches = noneSince([state.ruleVersion, position, sequence]);
}

/** While the alert of a rule with `clear` fires, its latches are counted: an older state may lack them. */
export function openLatches({ alert, assembly }: PieceState, hasClear: boolean): void {
  if (assembly !== undefined && hasClear && alert.phase === 'firing') assembly.latches ??= noneSince([0, 0, 0]);
}

/** Ends all latches. Returns whether there was any. */
export function endLatches(coordinator: PartitionSet): boolean {
  const { counts = [], unknown = [] } = latchesOf(coordinator) ?? {};
  const wasLatched = counts.some((count) => count > 0);
  for (const [level, count] of counts.entries()) addLatched(coordinator, level, -count, -(unknown[level] ?? 0));
  for (const [key, partition] of Object.entries(coordinator.state.partitions)) {
    for (const [level, latch] of (partition.latched ?? []).entries()) {
      if (latch === null) continue;
      partition.holds[level] = 0;
      coordinator.satisfying[level]?.delete(key);
    }
    delete partition.latched;
    if (!partition.holds.some((since) => since > 0)) delete coordinator.state.partitions[key];
  }
  return wasLatched;
}

const noneSince = (from: LatchMark): LatchCounts => ({
  from,
  counts: SEVERITIES.map(() => 0),
  unknown: SEVERITIES.map(() => 0),
});

function addLatched(coordinator: PartitionSet, level: number, count: number, unknown: number): void {
  const latches = latchesOf(coordinator);
  if (latches === undefined) return;
  latches.counts[level] = (latches.counts[level] ?? 0) + count;
  latches.unknown[level] = (latches.unknown[level] ?? 0) + unknown;
  const keys = coordinator.satisfying[level];
  if (keys !== undefined) keys.size += count;
  coordinator.unknown[level] = (coordinator.unknown[level] ?? 0) - unknown;
}

const latchesOf = ({ state }: PartitionSet): LatchCounts | undefined => (state as PieceState).assembly?.latches;
