import type { Cause } from '../../model/alert/cause.ts';
import type { Latch, LatchMark, PartitionState } from '../../model/partition-set/partition-set-state.ts';
import type { PartitionEntry } from '../../partition-set/partition-index.ts';
import type { PartitionSet } from '../../partition-set/partition-set.ts';
import type { Truth } from '../../primitives/truth.ts';

/*
 * Hysteresis. While its alert fires, a partition that satisfies a level continues to do so (it is latched) until `clear`
 * holds. A piece does not know whether the alert of its set fires: it marks every partition that may be latched, and the
 * time of the mark decides (sharding/hysteresis-counts.ts). `latched` of a partition is a stored name;
 * that of an alert is about `latch` in its rule.
 */

/** The part of a cause that says when a latch begins. */
export type LatchCause = Pick<Cause, 'byClock' | 'ceased' | 'position' | 'sequence'>;

/** Whether a partition satisfies a level, given whether `having` holds. */
export function latch(
  set: PartitionSet,
  entry: PartitionEntry,
  level: number,
  having: Truth,
  cleared: boolean,
  cause: LatchCause,
): Truth {
  const { partition } = entry;
  const before = partition.latched?.[level] ?? null;
  const satisfied = before !== null || (partition.holds[level] ?? 0) > 0;
  const mark = having === true || cleared || !satisfied ? null : (before?.mark ?? newMark(set, partition, cause));
  putLatch(set, entry, level, mark && { mark, unknown: having === undefined });
  return mark === null || isDecidedElsewhere(set) ? having : true;
}

/** Removes the latches of levels that the rule does not have, or that a partition without data had. */
export function dropLatches(set: PartitionSet, entry: PartitionEntry, isOver: (level: number) => boolean): void {
  for (const level of (entry.partition.latched ?? []).keys()) if (isOver(level)) putLatch(set, entry, level, null);
}

/** Whether the alert of the whole set is judged elsewhere. */
const isDecidedElsewhere = ({ piece, rule }: PartitionSet): boolean => piece?.record !== undefined && !rule.each;

function newMark(set: PartitionSet, { alert }: PartitionState, cause: LatchCause): LatchMark | null {
  const { state } = set;
  const fires = (alert ?? state.alert).phase === 'firing' || isDecidedElsewhere(set);
  if (!fires) return null;
  const { byClock, ceased, position = state.now, sequence = state.mark } = cause;
  if (ceased === 'ruleUpdated') return [state.ruleVersion, BEFORE_EVENTS, BEFORE_EVENTS];
  return [state.ruleVersion, position, byClock ? AFTER_EVENTS : sequence];
}

/** A rule changes before the events that its new version sees; deadlines come after all events of their moment. */
export const BEFORE_EVENTS = 0;
export const AFTER_EVENTS = Number.MAX_SAFE_INTEGER;

function putLatch(set: PartitionSet, entry: PartitionEntry, level: number, next: Latch | null): void {
  const { partition } = entry;
  const before = partition.latched?.[level] ?? null;
  if (before === null && next === null) return;
  if (isDecidedElsewhere(set)) {
    if (before !== null) set.latchChanges.push([level, before.mark, -1, -Number(before.unknown)]);
    if (next !== null) set.latchChanges.push([level, next.mark, 1, Number(next.unknown)]);
  }
  const latches = (partition.latched ??= []);
  while (latches.length < level) latches.push(null);
  latches[level] = next;
  if (latches.some((each) => each !== null)) set.latched.add(entry);
  else {
    delete partition.latched;
    set.latched.delete(entry);
  }
}
