import type { AlertData } from '../core/model/alert/alert.ts';

/**
 * Whether anybody wants to be notified: not while the alert is snoozed, except of the snooze itself, and not again of an
 * alert that somebody has acknowledged.
 */
export function isWanted({ status, acknowledged, snoozed }: AlertData): boolean {
  if (snoozed !== undefined) return status === 'snoozed' || status === 'unsnoozed';
  return status !== 'reminder' || acknowledged === undefined;
}
