import type { CompiledRule } from '../../compilation/compile-rule.ts';
import type { Leaf } from '../../compilation/conditions/leaf.ts';
import { settingKeys, type Continuation } from '../../evaluation/continuation.ts';
import { cutToBytes, jsonBytes } from '../../primitives/text/bytes.ts';
import { conditionText } from '../condition-text.ts';
import type { Beginning } from './change-effect.ts';

const CONDITION_BYTES = 300;

export function beginningsOf(before: CompiledRule, next: CompiledRule, kept: Continuation): Beginning[] {
  const conditions = next.measure === null ? next.leaves : [...next.leaves, next.measure.leaf];
  const found = conditions.flatMap((leaf): Beginning[] => {
    const part = partOf(leaf, kept);
    return part === undefined ? [] : [{ part, condition: short(conditionText(leaf.node)) }];
  });
  const wholes: [part: Beginning['part'], begins: boolean][] = [
    ['levels', (before.timesLevels || next.timesLevels) && !kept.levels],
    ['matches', before.steps.length > 0 && !kept.matches],
    ['settings', settingKeys(before).some((key) => !kept.settings.has(key))],
  ];
  return [...unique(found), ...wholes.flatMap(([part, begins]) => (begins ? [{ part }] : []))];
}

/** What of a condition begins: values that are lost take the rest with them. */
function partOf(leaf: Leaf, kept: Continuation): Beginning['part'] | undefined {
  if (slotsOf(leaf).some((slot) => kept.slots[slot] === -1)) return 'values';
  const usesMemory = leaf.memory >= 0 && (leaf.forMs > 0 || !leaf.silenceIsUnknown);
  if (usesMemory && kept.memories[leaf.memory] === -1) return 'time';
  return calculated(leaf).some(({ knowledge }) => knowledge?.whenFull === true) && !kept.fills ? 'fill' : undefined;
}

const calculated = (leaf: Leaf): Leaf[] => [leaf, ...(leaf.operands ?? []).map((operand) => operand.calculated)];

const slotsOf = (leaf: Leaf): number[] =>
  calculated(leaf).flatMap(({ slot, knowledge }) => [slot, knowledge?.counted ?? -1]);

function unique(all: readonly Beginning[]): Beginning[] {
  const seen = new Set<string>();
  return all.filter(({ part, condition }) => {
    const key = `${part} ${condition}`;
    return !seen.has(key) && seen.add(key);
  });
}

const ELLIPSIS = '…';
const short = (text: string): string =>
  jsonBytes(text) <= CONDITION_BYTES ? text : cutToBytes(text, CONDITION_BYTES - jsonBytes(ELLIPSIS)) + ELLIPSIS;
