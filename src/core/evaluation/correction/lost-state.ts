import type { CompiledRule } from '../../compilation/compile-rule.ts';
import type { Leaf } from '../../compilation/conditions/leaf.ts';
import { calculatedBy, continuationOf, settingKeys, slotsOf, type Continuation } from '../continuation.ts';

/* What partitions that continue lose with another version of their rule. */

export const LOST_PARTS = ['values', 'time', 'fill', 'levels', 'matches', 'settings'] as const;

export interface Lost {
  part: (typeof LOST_PARTS)[number];
  /** The condition, if it is about one. */
  leaf?: Leaf;
}

export function lostState(before: CompiledRule, next: CompiledRule, kept: Continuation): Lost[] {
  const conditions = next.measure === null ? next.leaves : [...next.leaves, next.measure.leaf];
  const found = conditions.flatMap((leaf): Lost[] => {
    const part = partOf(leaf, kept);
    return part === undefined ? [] : [{ part, leaf }];
  });
  const wholes: [part: Lost['part'], isLost: boolean][] = [
    ['levels', (before.timesLevels || next.timesLevels) && !kept.levels],
    ['matches', before.steps.length > 0 && !kept.matches],
    ['settings', settingKeys(before).some((key) => !kept.settings.has(key))],
  ];
  return [...found, ...wholes.flatMap(([part, isLost]) => (isLost ? [{ part }] : []))];
}

/** Whether a set begins again at `backfill` before the new version, instead of continuing without what it loses. */
export function isPrimedAgain(before: CompiledRule, next: CompiledRule): boolean {
  if (next.rule.backfill === undefined) return false;
  const kept = continuationOf(before, next);
  return !kept.partitions || lostState(before, next, kept).length > 0;
}

/** What of a condition is lost: values take the rest with them. */
function partOf(leaf: Leaf, kept: Continuation): Lost['part'] | undefined {
  if (slotsOf(leaf).some((slot) => kept.slots[slot] === -1)) return 'values';
  const usesMemory = leaf.memory >= 0 && (leaf.forMs > 0 || !leaf.silenceIsUnknown);
  if (usesMemory && kept.memories[leaf.memory] === -1) return 'time';
  return calculatedBy(leaf).some(({ knowledge }) => knowledge?.whenFull === true) && !kept.fills ? 'fill' : undefined;
}
