import type { Cause } from '../model/alert/cause.ts';
import type { CompiledRule } from '../compilation/compile-rule.ts';
import type { Overdue } from '../model/partition-set/partition-set-state.ts';
import { isProof, overdueFrom } from '../model/alert/overdue.ts';
import { partitionKey } from '../partition-set/partition-index.ts';

/* What `for` and `keepFiringFor` of an alert decide, and when (model/overdue.ts). */

/** Something of an alert that began, and must last. */
interface Lasting {
  overdue?: Overdue;
}

/** The moment of a judgement: its cause, and the set's clock. */
export interface Timing {
  cause: Cause;
  now: number;
  rule: Pick<CompiledRule, 'each'>;
}

/** Something began at `fromMs`: notes whether what is decided `lastsMs` later is overdue. */
export function markOverdue(lasting: Lasting, fromMs: number, lastsMs: number, { cause, now, rule }: Timing): void {
  if (lasting.overdue !== undefined) delete lasting.overdue;
  const until = lastsMs === 0 ? undefined : overdueFrom(fromMs + lastsMs, now, cause);
  if (until === undefined) return;
  lasting.overdue = { until };
  const by = rule.each ? undefined : keyOf(cause);
  if (by !== undefined) lasting.overdue.by = by;
}

/** Whether an event of the partition that began it proves what is overdue, and what the clock has not decided yet. */
export function isProven({ overdue }: Lasting, dueMs: number, cause: Cause, now: number): boolean {
  if (overdue === undefined || overdue.until < now) return false;
  const { by } = overdue;
  return (by === undefined || by === keyOf(cause)) && isProof(dueMs, cause);
}

const keyOf = ({ causedBy }: Cause): string | undefined => causedBy && partitionKey(causedBy.key);

/** When the clock decides what is due at `dueMs`. */
export const decidedAt = ({ overdue }: Lasting, dueMs: number): number => Math.max(dueMs, overdue?.until ?? -Infinity);
