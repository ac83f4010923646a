import type { PartitionSet } from './partition-set.ts';

/**
 * The highest level at which the condition holds for the set as a whole, or -1: from counts that are kept as events come.
 * Without partitions nothing holds, never vacuously, but what `count` says of 0.
 */
export function aggregate(set: PartitionSet): number {
  for (let level = set.rule.levels.length - 1; level >= 0; level--) {
    if (holdsAt(set, level)) return level;
  }
  return -1;
}

function holdsAt({ live, rosterLive, roster, satisfying, rule }: PartitionSet, level: number): boolean {
  const holding = satisfying[level]?.size ?? 0;
  switch (rule.rule.evaluate.type) {
    case 'all':
      return live > 0 && holding === live && rosterLive === roster.size;
    case 'any':
      return holding > 0;
    case 'none':
      return live > 0 && holding === 0;
    case 'count':
      return rule.compare(holding);
    case 'percent':
      return live > 0 && rule.compare((100 * holding) / live);
    case 'each':
    case 'sequence':
      return false;
  }
}
