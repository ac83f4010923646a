import { at } from '../server/send.ts';
import type { AlertSummary, AlertTransition, Key } from '../server/wire.ts';

/** Names an alert among those of all clients. */
export const alertKey = ({ clientId, id }: Pick<AlertSummary, 'clientId' | 'id'>): string => `${clientId} ${id}`;

export const alertAddress = ({ clientId, id }: Pick<AlertSummary, 'clientId' | 'id'>): string =>
  at`/alerts/${clientId}/${id}`;

export const ruleAddress = ({ clientId, ruleId }: Pick<AlertSummary, 'clientId' | 'ruleId'>): string =>
  at`/rules/${clientId}/${ruleId}`;

/** Such as machineId=m1, line=7. */
export const keyText = (key: Key): string =>
  Object.entries(key)
    .map(([property, value]) => `${property}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

/** Of which group and partition it is; empty if its rule has neither. */
export const placeText = ({ group, partition }: AlertSummary): string => keyText({ ...group, ...partition });

export const isSnoozed = ({ snoozed }: Pick<AlertSummary, 'snoozed'>, nowMs: number): boolean =>
  snoozed !== undefined && Date.parse(snoozed.until) > nowMs;

/** What it is now, in a word that has a colour. */
export function stateWord({ state, stoppedAt }: AlertSummary): string {
  return state === 'firing' && stoppedAt !== undefined ? 'latched' : state;
}

/** When it happened. An action has a time of its own: the clock of its rule is that of the newest event. */
export const momentOf = ({ at: moment, action }: Pick<AlertTransition, 'at' | 'action'>): string =>
  action?.at ?? moment;

const REASONS: Record<string, string> = {
  condition: 'the condition holds',
  cleared: 'the condition no longer holds',
  noData: 'no data arrived',
  staleData: 'its data expired',
  schedule: 'the schedule closed',
  forgotten: 'its partition was removed',
  ruleUpdated: 'the rule was changed',
  ruleDisabled: 'the rule was disabled',
  ruleDeleted: 'the rule was deleted',
  ruleResumed: 'the rule was resumed',
  limit: 'a limit was reached',
  operator: 'by an operator',
  snoozeEnded: 'the time of the snooze came',
  reset: 'the rule was reset',
};

/** Why a transition happened. A reason that the console does not know is shown as it is. */
export const reasonText = (reason: string): string => REASONS[reason] ?? reason;
