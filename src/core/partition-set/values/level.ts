import { UNKNOWN_SINCE, type AlertState, type PartitionState } from '../../model/partition-set/partition-set-state.ts';
import type { Truth } from '../../primitives/truth.ts';
import { aggregate } from './aggregate.ts';
import type { PartitionSet } from '../partition-set.ts';

/** Levels are counted from 0, the least severe. No level holds: */
export const NO_LEVEL = -1;
/** No level holds, and at least one is unknown. */
export const UNKNOWN_LEVEL = -2;

/** The highest level at which the condition holds for the set as a whole, NO_LEVEL or UNKNOWN_LEVEL. */
export function levelOfSet(set: PartitionSet): number {
  let none = NO_LEVEL;
  for (let level = set.rule.levels.length - 1; level >= 0; level--) {
    const truth = aggregate(set, level);
    if (truth === true || (truth === undefined && staysAt(set, set.state.alert, level))) return level;
    if (truth === undefined) none = UNKNOWN_LEVEL;
  }
  return none;
}

/** The highest level that a partition satisfies, NO_LEVEL or UNKNOWN_LEVEL. */
export function levelOf(set: PartitionSet, { sequence, alert, holds }: PartitionState): number {
  if (sequence !== undefined) return sequence.held ? 0 : NO_LEVEL;
  let none = NO_LEVEL;
  for (let level = set.rule.levels.length - 1; level >= 0; level--) {
    const truth = truthOf(holds[level]);
    if (truth === true || (truth === undefined && staysAt(set, alert, level))) return level;
    if (truth === undefined) none = UNKNOWN_LEVEL;
  }
  return none;
}

/** What `PartitionState.holds` says of a level. */
export const truthOf = (since = 0): Truth => (since === UNKNOWN_SINCE ? undefined : since > 0);

/**
 * Whether an alert continues while its condition is unknown: not if only silence, or `keepFiringFor`, keeps it firing.
 */
export const goesOn = ({ phase, ceased, bySilence }: AlertState): boolean =>
  phase === 'firing' && ceased === null && bySilence !== true;

/** An alert that fires at a level that is unknown now stays at it, unless a higher one holds. */
const staysAt = ({ rule }: PartitionSet, alert: AlertState | undefined, level: number): boolean =>
  alert !== undefined && goesOn(alert) && rule.levels[level]?.severity === alert.severity;
