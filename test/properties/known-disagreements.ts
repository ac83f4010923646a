import type { Recording } from './play.ts';

/** Combinations in which the core and docs/semantics.md are known to differ. */
export function isExcluded({ rule, arrivals }: Recording): boolean {
  const late = arrivals.some(({ at, time }) => time < at);
  const words = JSON.stringify([rule.evaluate, rule.clear]);
  // 16: where an episode ends that went on. 17: changes and what lies just before the window. 18: where a leaf's hold ends.
  return late && (rule.keepFiringFor !== undefined || words.includes('"changes"') || words.includes('"for"'));
}
