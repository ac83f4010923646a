import type { CompiledRule } from '../compilation/compile-rule.ts';
import type { PartitionState } from '../model/partition-set/partition-set-state.ts';
import type { Continuation } from './continuation.ts';

/**
 * Since when a partition is known to a new version of its rule. What begins to be calculated has seen nothing before
 * `nowMs`; else the newest event is the least that is known.
 */
export function knownAfterChange(
  { knownSince: since, last }: PartitionState,
  { slotsToFill }: CompiledRule,
  { fills }: Continuation,
  isExpected: boolean,
  nowMs: number,
): number | undefined {
  if (slotsToFill === null || last === null) return undefined;
  if (!fills) return nowMs;
  return since ?? (isExpected ? undefined : last.timeMs);
}
