import * as wf from '@temporalio/workflow';
import { compileRule } from '../../src/core/compilation/compile-rule.ts';
import { generationAfter } from '../../src/core/evaluation/generation.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';

/** The generation of a set, or of a piece of one, with another version of its rule. */
export function generationWith(set: PartitionSet, { rule, version }: Pick<StoredRule, 'rule' | 'version'>): string {
  const generation = generationAfter(set, compileRule(rule), version);
  // Replay: before this patch, partitions that began anew kept the generation.
  return generation === set.state.generation || wf.patched('generation-anew') ? generation : set.state.generation;
}
