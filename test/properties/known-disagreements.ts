import { compares, satisfies } from '../reference/compare.ts';
import type { Recording } from './play.ts';

/** Combinations in which the core and docs/semantics.md are known to differ. */
export function isExcluded({ rule, start, arrivals }: Recording): boolean {
  // 1: a count that holds without any partition is not noticed before the first event.
  const first = arrivals.find(({ data }) => rule.where.every((predicate) => satisfies(predicate, data)) && (rule.partitionBy === undefined || data['m'] !== undefined));
  if (rule.evaluate.type === 'count' && compares(rule.evaluate, 0) && first?.at !== start) return true;
  // 4: endsAt when silence ends what keepFiringFor kept. 6: evaluations during silence move the moment at which it broke.
  if (rule.noData?.then === 'resolve') return true;
  // 5: a partition's silence is missed.
  if (rule.evaluate.type === 'each' && rule.noData !== undefined) return true;
  // 3: reminders come before further events of their moment.
  if (rule.repeat !== undefined && new Set(arrivals.map(({ at }) => at)).size < arrivals.length) return true;
  return false;
}
