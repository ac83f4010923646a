import type { NewStart } from '../../src/core/evaluation/generation.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { splitPartitionSet, type SplitResult } from '../../src/core/sharding/split.ts';
import { openedSet } from '../partition-set/run-state.ts';

/** The pieces of a split set that begins again. Each piece makes all of them, and goes on with its own. */
export const openedPieces = (
  { state: { group } }: PartitionSet,
  stored: StoredRule,
  { startedAtMs, generation }: NewStart,
  shards: number,
): SplitResult => splitPartitionSet(openedSet(stored, group, startedAtMs, generation), shards);
