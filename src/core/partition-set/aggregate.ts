import type { PartitionSet } from './partition-set.ts';

/**
 * The highest level at which the condition holds for the set as a whole, or -1, from incrementally kept counts. Without
 * live partitions nothing holds, never vacuously, except that `count` compares 0.
 */
export function aggregate(set: PartitionSet): number {
  for (let level = set.rule.levels.length - 1; level >= 0; level--) {
    if (holdsAt(set, level)) return level;
  }
  return -1;
}

function holdsAt({ live, rosterLive, roster, satisfying, rule }: PartitionSet, level: number): boolean {
  const satisfied = satisfying[level]?.size ?? 0;
  switch (rule.rule.evaluate.type) {
    case 'all':
      return live > 0 && satisfied === live && rosterLive === roster.size;
    case 'any':
      return satisfied > 0;
    case 'none':
      return live > 0 && satisfied === 0;
    case 'count':
      return rule.compare(satisfied);
    case 'percent':
      return live > 0 && rule.compare((100 * satisfied) / live);
    case 'each':
    case 'sequence':
      return false;
  }
}
