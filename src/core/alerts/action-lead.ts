import type { AlertData, AlertStatus } from '../model/alert/alert.ts';

const DONE: Partial<Record<AlertStatus, string>> = {
  acknowledged: 'Acknowledged',
  unacknowledged: 'Unacknowledged',
  snoozed: 'Snoozed',
  unsnoozed: 'Unsnoozed',
};

/** What somebody did, as the beginning of a message; null for the statuses that tell something else. */
export function actionLead({ status, action }: Pick<AlertData, 'status' | 'action'>): string | null {
  const done = DONE[status];
  if (done === undefined) return null;
  if (action === undefined) return 'Snooze ended';
  return `${done} by ${action.by}${action.until === undefined ? '' : ` until ${action.until}`}`;
}
