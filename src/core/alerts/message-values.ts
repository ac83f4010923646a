import type { CompiledCondition } from '../compilation/conditions/condition.ts';
import type { Leaf, LeafOperand } from '../compilation/conditions/leaf.ts';
import { adjusted } from '../compilation/conditions/operand.ts';
import { COMPARISONS } from '../model/rule/comparison-words.ts';
import { isOperand } from '../model/rule/operand-words.ts';
import type { PartitionState, MessageValues } from '../model/partition-set/partition-set-state.ts';
import type { PartitionSet } from '../partition-set/partition-set.ts';
import { knownValue } from '../partition-set/values/known-value.ts';
import { newestValue } from '../partition-set/values/settings-value.ts';
import { inMemory } from '../primitives/numbers/whole-number.ts';
import { showValue, type Scalar } from '../primitives/value.ts';

/* What a message says of the partition behind an alert, if its template asks for it. */

/** Undefined if the templates name nothing of it. */
export function messageValuesOf(set: PartitionSet, partition: PartitionState): MessageValues | undefined {
  const { threshold, eventPaths } = set.rule.messages;
  if (!threshold && eventPaths.length === 0) return undefined;
  if (partition.messageValues !== undefined) return partition.messageValues;
  const event = Object.entries(partition.last?.data ?? {}).map(([path, value]): [string, Scalar] => [
    path,
    showValue(value),
  ]);
  return {
    ...(threshold && { threshold: thresholdOf(set, partition) }),
    ...(eventPaths.length > 0 && { event: Object.fromEntries(event) }),
  };
}

/** The right side of the first leaf that holds, else of the first: of the highest level that the partition satisfies. */
function thresholdOf(set: PartitionSet, partition: PartitionState): unknown {
  const { levels, leaves } = set.rule;
  const level = levels.findLast((_level, index) => (partition.holds[index] ?? 0) > 0) ?? levels[0];
  const compared = level === undefined ? [] : leavesIn(level.condition).flatMap((place) => leaves[place] ?? []);
  const leaf = compared.find((each) => holds(set, partition, each)) ?? compared[0];
  return leaf === undefined ? null : rightSide(leaf, sidesOf(set, partition, leaf));
}

function leavesIn(condition: CompiledCondition): number[] {
  if (condition.kind === 'leaf') return [condition.leaf];
  return condition.kind === 'not' ? leavesIn(condition.part) : condition.parts.flatMap(leavesIn);
}

function holds(set: PartitionSet, partition: PartitionState, leaf: Leaf): boolean {
  const memory = leaf.memory < 0 ? undefined : partition.memory[leaf.memory];
  if (memory !== undefined) return leaf.forMs > 0 ? memory.ripe : memory.truth;
  return leaf.test(inMemory(knownValue(set, partition, leaf)), false, sidesOf(set, partition, leaf)) === true;
}

function sidesOf(set: PartitionSet, partition: PartitionState, { operands }: Leaf): unknown[] {
  const raw = ({ isLatest, calculated }: LeafOperand): unknown =>
    isLatest ? newestValue(set, partition, calculated.slot) : knownValue(set, partition, calculated);
  return (operands ?? []).map((each) => adjusted(raw(each), each.operand));
}

/** Of `between`, both sides. */
function rightSide({ comparison, operands }: Leaf, sides: readonly unknown[]): unknown {
  const word = COMPARISONS.find((each) => comparison[each] !== undefined);
  const side: unknown = word === undefined ? null : comparison[word];
  const shown = (each: unknown): unknown =>
    isOperand(each) ? (sides[(operands ?? []).findIndex(({ operand }) => operand === each)] ?? null) : each;
  if (word !== 'between' || !Array.isArray(side)) {
    const only = inMemory(shown(side));
    return typeof only === 'bigint' ? String(only) : only;
  }
  return side.map((each) => textOf(shown(each))).join(' and ');
}

function textOf(side: unknown): string {
  const value = inMemory(side);
  return typeof value === 'string' || typeof value === 'bigint' ? String(value) : JSON.stringify(value ?? null);
}
