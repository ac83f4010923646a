import { compares } from '../reference/compare.ts';
import type { Recording } from './play.ts';

/** Combinations in which the core and docs/semantics.md are known to differ. */
export function isExcluded({ rule, start, arrivals }: Recording): boolean {
  // 8: a set is judged before the events that arrive at its start.
  if (rule.evaluate.type === 'count' && compares(rule.evaluate, 0) && arrivals.some(({ at }) => at === start)) return true;
  return false;
}
