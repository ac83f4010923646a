import { compares } from '../reference/compare.ts';
import type { Recording } from './play.ts';

const hasLeafFor = (node: unknown): boolean => JSON.stringify(node).includes('"for"');

/** Combinations in which the core and docs/semantics.md are known to differ. */
export function isExcluded({ rule, start, arrivals }: Recording): boolean {
  // 8: a set is judged before the events that arrive at its start.
  if (rule.evaluate.type === 'count' && compares(rule.evaluate, 0) && arrivals.some(({ at }) => at === start)) return true;
  // 9: an overdue `for` of a leaf, and silence, count from its own moment.
  if ((hasLeafFor(rule.evaluate) || rule.noData !== undefined) && arrivals.some(({ at, time }) => time < at)) return true;
  return false;
}
