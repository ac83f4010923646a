import type { Cause } from './cause.ts';

/*
 * A late event may start something whose time has passed already: `for`, `keepFiringFor`, a `not`. Events that arrive
 * with it may still break it, so the clock decides only when it has come to the arrival of the late event. A later
 * event of the partition may prove `for` and `keepFiringFor` before that, by its own time.
 */

type Arrival = Pick<Cause, 'arrivedAt'>;

/** From when on the clock may decide what was due at `dueMs`; undefined if it is not overdue. Epoch ms. */
export const overdueFrom = (dueMs: number, nowMs: number, { arrivedAt }: Arrival): number | undefined =>
  arrivedAt !== undefined && dueMs < nowMs ? Math.max(arrivedAt, nowMs) : undefined;

/** Whether an event shows by its own time that what was due at `dueMs` has lasted. Ask only about what is overdue. */
export const isProof = (
  dueMs: number,
  { at, arrivedAt, mayProve }: Pick<Cause, 'at' | 'arrivedAt' | 'mayProve'>,
): boolean => arrivedAt !== undefined && at >= dueMs && mayProve?.() !== false;
