import type { Recording } from './play.ts';

/** Combinations in which the core and docs/semantics.md are known to differ. */
export function isExcluded({ rule, arrivals }: Recording): boolean {
  // 10: overdue deadlines of one moment are not handled together.
  if ((rule.heartbeat !== undefined || JSON.stringify(rule.evaluate).includes('"for"')) && arrivals.some(({ at, time }) => time < at)) return true;
  // 11: a condition that a deadline begins while it last broke ahead of the clock.
  const hasFor = JSON.stringify(rule.evaluate).includes('"for"');
  if (rule.for === undefined && (hasFor || rule.noData !== undefined) && arrivals.some(({ at, time }) => time > at)) return true;
  return false;
}
