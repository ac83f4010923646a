import type { Truth } from '../../primitives/truth.ts';
import { expectedCount, type PartitionSet } from '../partition-set.ts';

/**
 * Whether the condition of a level holds for the set as a whole, from incrementally kept counts. Without live partitions
 * nothing holds, never vacuously, except that `count` compares 0, and so does `percent` of the expected ones. Unknown if
 * the partitions that are unknown decide, and without any value to put together.
 */
export function aggregate(set: PartitionSet, level: number): Truth {
  const { live, rosterLive, rule } = set;
  const satisfied = set.satisfying[level]?.size ?? 0;
  const unknown = set.unknown[level] ?? 0;
  switch (rule.rule.evaluate.type) {
    case 'all':
      if (live === 0 || rosterLive < expectedCount(set) || satisfied + unknown < live) return false;
      return unknown === 0 ? true : undefined;
    case 'any':
      if (satisfied > 0) return true;
      return unknown === 0 ? false : undefined;
    case 'none':
      if (live === 0 || satisfied > 0) return false;
      return unknown === 0 ? true : undefined;
    case 'count':
      return compareCounts(set, satisfied, unknown);
    case 'percent':
      return isSomeone(set) && compareCounts(set, satisfied, unknown, rule.onlyExpected ? expectedCount(set) : live);
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
      return live > 0 && set.across?.holdsAt(level, set.state.now);
    case 'each':
    case 'sequence':
      return false;
  }
}

const PERCENT = 100;

/** Whether there is anything to take a percentage of. */
const isSomeone = (set: PartitionSet): boolean => (set.rule.onlyExpected ? expectedCount(set) : set.live) > 0;

/**
 * Compares a count of partitions, or with `of` their percentage of so many. Of the unknown ones each may count or not:
 * do all possible counts compare alike?
 */
function compareCounts({ rule }: PartitionSet, satisfied: number, unknown: number, of = PERCENT): Truth {
  const test = (count: number): boolean => rule.compare((PERCENT * count) / of);
  const result = test(satisfied);
  const most = satisfied + unknown;
  if (unknown === 0) return result;
  // The result changes only next to an operand.
  const near = rule.operands.flatMap((operand) => [-1, 0, 1, 2].map((by) => Math.floor((operand * of) / PERCENT) + by));
  const possible = [most, ...near.filter((count) => count > satisfied && count < most)];
  return possible.every((count) => test(count) === result) ? result : undefined;
}
