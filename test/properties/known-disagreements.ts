import type { Recording } from './play.ts';

/** Combinations in which the core and docs/semantics.md are known to differ. */
export function isExcluded({ rule, arrivals }: Recording): boolean {
  const late = arrivals.some(({ at, time }) => time < at);
  // 22, 24: where an episode ends that time has made go on.
  if (late && rule.keepFiringFor !== undefined) return true;
  // 23: changes and a late event of the very own time of what lies before the window.
  return late && JSON.stringify([rule.evaluate, rule.clear]).includes('"changes"');
}
