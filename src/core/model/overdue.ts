import type { Cause } from './cause.ts';

/*
 * A late event may start something whose time has passed already: `for`, `keepFiringFor`, a `not`. Events that arrive
 * with it may still break it, so the clock decides only when it has come to the arrival of the late event.
 */

/** From when on the clock may decide what was due at `dueMs`; undefined if it is not overdue. Epoch ms. */
export const overdueFrom = (
  dueMs: number,
  nowMs: number,
  { arrivedAt }: Pick<Cause, 'arrivedAt'>,
): number | undefined => (arrivedAt !== undefined && dueMs < nowMs ? Math.max(arrivedAt, nowMs) : undefined);
