import { UNKNOWN_SINCE, type AlertState, type PartitionState } from '../model/partition-set-state.ts';
import type { Truth } from '../primitives/truth.ts';
import { aggregate } from './aggregate.ts';
import type { PartitionSet } from './partition-set.ts';

/** Levels are counted from 0, the least severe. No level holds: */
export const NO_LEVEL = -1;
/** No level holds, and at least one is unknown. */
export const UNKNOWN_LEVEL = -2;

/** The highest level at which the condition holds for the set as a whole, NO_LEVEL or UNKNOWN_LEVEL. */
export const levelOfSet = (set: PartitionSet): number => highestLevel(set, null, set.state.alert);

/** The highest level that a partition satisfies, NO_LEVEL or UNKNOWN_LEVEL. */
export function levelOf(set: PartitionSet, partition: PartitionState): number {
  const { sequence, alert } = partition;
  if (sequence !== undefined) return sequence.held ? 0 : NO_LEVEL;
  return highestLevel(set, partition, alert);
}

/** What `PartitionState.holds` says of a level. */
export const truthOf = (since = 0): Truth => (since === UNKNOWN_SINCE ? undefined : since > 0);

/**
 * Whether an alert continues while its condition is unknown: not if only silence, or `keepFiringFor`, keeps it firing.
 */
export const goesOn = ({ phase, ceased, bySilence }: AlertState): boolean =>
  phase === 'firing' && ceased === null && bySilence !== true;

/**
 * An alert that fires at a level that is unknown now stays at it, unless a higher one holds.
 * @param partition null: the set
 */
function highestLevel(set: PartitionSet, partition: PartitionState | null, alert: AlertState | undefined): number {
  const { levels } = set.rule;
  let none = NO_LEVEL;
  for (let level = levels.length - 1; level >= 0; level--) {
    const truth = partition === null ? aggregate(set, level) : truthOf(partition.holds[level]);
    if (truth === true) return level;
    if (truth === false) continue;
    if (alert !== undefined && goesOn(alert) && levels[level]?.severity === alert.severity) return level;
    none = UNKNOWN_LEVEL;
  }
  return none;
}
