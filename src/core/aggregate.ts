import type { LiveSet } from './live-set.ts';

/** Whether the condition holds for the set as a whole, from counts that are kept as events come. Without partitions: false, never vacuously true. */
export function aggregate(set: LiveSet): boolean {
  const { live, rosterLive, roster, holders, rule } = set;
  const holding = holders.size;
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
      return false;
  }
}
