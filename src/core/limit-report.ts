import { announce } from './envelope.ts';
import { LIMITS } from './limits.ts';
import type { LiveSet } from './live-set.ts';

/** Says that a cap was reached: as an alert of its own status, once, and again now and then while it stays so. */
export function reportLimit(set: LiveSet, limit: keyof typeof LIMITS, text: string): void {
  const { state } = set;
  const reported = state.limits[limit];
  if (reported !== undefined && state.now - reported < LIMITS.limitReportMs) return;
  state.limits[limit] = state.now;
  const { alert } = state;
  announce(set, { status: 'limit', reason: 'limit', startsAt: alert.since, endsAt: null, alert, text });
}
