import type { CompiledRule } from '../compilation/compile-rule.ts';
import type { PartitionSet } from '../partition-set/partition-set.ts';
import { continuationOf } from './continuation.ts';

/* A generation counts its episodes from 1, and is part of the ids of its alerts: no two episodes share an id. See ADR 0014. */

/**
 * From a version of the rule and the start of the set (epoch ms), so that a rebuilt set gives its alerts the same ids.
 * @param rebuild identifies a rebuild that cannot count the episodes as before
 */
export const generationOf = (ruleVersion: number, startedAtMs: number, rebuild?: string): string =>
  `${startedAtMs.toString(36)}.${ruleVersion}${rebuild === undefined ? '' : `-${rebuild}`}`;

/** A set that begins again with a version of its rule: its state is given up. Stored names. */
export interface NewStart {
  /** Epoch ms. */
  startedAtMs: number;
  /** For the ids of its alerts, if it does not continue those that it had published. */
  generation: string;
}

/**
 * The generation of a set with another version of its rule. Partitions that begin anew may have the names of earlier
 * ones, and their alerts begin at episode 1 again: with `each`, they need another generation.
 */
export function generationAfter({ rule, state }: PartitionSet, next: CompiledRule, ruleVersion: number): string {
  const mayRepeat = (rule.each || next.each) && !continuationOf(rule, next).partitions;
  const [, rebuild] = state.generation.split('-');
  return mayRepeat ? generationOf(ruleVersion, state.startedAt, rebuild) : state.generation;
}
