import type { Calculation, Condition } from '../../model/rule/condition-schema.ts';
import type { PartitionOperand } from '../../model/rule/operand-words.ts';
import type { Accumulator } from '../../model/partition-set/window-state.ts';
import { LIMITS } from '../../primitives/limits.ts';
import type { CompiledCondition } from './condition.ts';
import { compileLeaf, needsMemory, type Leaf, type LeafOperand } from './leaf.ts';
import { calculationOf, operandsOf } from './operand-calculation.ts';
import { pathsOf } from './predicate.ts';
import { chosenBy, countedFor, slotFor } from './slots.ts';

/** Collected while compiling conditions. */
export interface Parts {
  slots: Accumulator[];
  leaves: Leaf[];
  memories: number;
  /** Number of operands. */
  operands: number;
  /** The properties that calculations read to choose their events. */
  choosing: string[];
}

export const noParts = (): Parts => ({ slots: [], leaves: [], memories: 0, operands: 0, choosing: [] });

export function compileCondition(node: Condition, parts: Parts): CompiledCondition {
  if ('all' in node) return { kind: 'all', parts: node.all.map((part) => compileCondition(part, parts)) };
  if ('any' in node) return { kind: 'any', parts: node.any.map((part) => compileCondition(part, parts)) };
  if ('not' in node) return { kind: 'not', part: compileCondition(node.not, parts) };
  const leaf = leafOf(node, parts, needsMemory(node) ? parts.memories++ : -1);
  parts.leaves.push(leaf);
  return { kind: 'leaf', leaf: leaf.place };
}

export function leafOf(node: Calculation, parts: Parts, memory: number): Leaf {
  const operands = operandsOf(node).map((operand) => compileOperand(operand, parts));
  parts.choosing.push(...chosenBy(node).flatMap(pathsOf));
  return compileLeaf(node, {
    ...{ place: parts.leaves.length, slot: slotFor(node, parts.slots), memory },
    counted: countedFor(node, parts.slots),
    operands: operands.length === 0 ? null : operands,
  });
}

/** The calculation of an operand has its slot and its place, but no memory: it never has an answer. */
function compileOperand(operand: PartitionOperand, parts: Parts): LeafOperand {
  const node = calculationOf(operand);
  parts.choosing.push(...chosenBy(node).flatMap(pathsOf));
  const place = LIMITS.conditionLeaves + parts.operands++;
  const calculated = compileLeaf(node, {
    ...{ place, slot: slotFor(node, parts.slots), memory: -1, operands: null },
    counted: countedFor(node, parts.slots),
  });
  return { operand, calculated, isLatest: 'latest' in operand };
}
