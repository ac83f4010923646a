import type { AlertActed, AlertSummary } from '../../server/wire.ts';
import { isSnoozed } from '../describe.ts';

/** What somebody does about alerts. */
export interface Act {
  action: 'acknowledge' | 'unacknowledge' | 'snooze' | 'unsnooze';
  note?: string;
  /** Of a snooze: its end, ISO 8601. */
  until?: string;
}

/** Alerts that one request acts on. */
export const MOST_AT_ONCE = 100;

export const canBeAcknowledged = ({ state, acknowledged }: AlertSummary): boolean =>
  state === 'firing' && acknowledged === undefined;

/** Key `a`: acknowledges those that are not; if all are, takes the acknowledgements back. */
export const toggleOf = (alerts: readonly AlertSummary[]): 'acknowledge' | 'unacknowledge' =>
  alerts.some(canBeAcknowledged) || !alerts.some(({ acknowledged }) => acknowledged) ? 'acknowledge' : 'unacknowledge';

/** Those of the alerts that the action can change. Only the newest episode of an alert takes actions. */
export function targetsOf(alerts: readonly AlertSummary[], { action }: Act, nowMs: number): AlertSummary[] {
  const open = alerts.filter(({ state }) => state === 'firing');
  if (action === 'acknowledge') return open.filter(canBeAcknowledged);
  if (action === 'unacknowledge') return open.filter(({ acknowledged }) => acknowledged !== undefined);
  return action === 'snooze' ? open : open.filter((alert) => isSnoozed(alert, nowMs));
}

export interface ActRequest {
  clientId: string;
  alerts: AlertSummary[];
}

/** The requests for these alerts: for each client, as many alerts at once as the API takes. */
export function requestsFor(alerts: readonly AlertSummary[]): ActRequest[] {
  const requests: ActRequest[] = [];
  for (const alert of alerts) {
    const hasRoom = ({ clientId, alerts: own }: ActRequest): boolean =>
      clientId === alert.clientId && own.length < MOST_AT_ONCE;
    const request = requests.find(hasRoom);
    if (request) request.alerts.push(alert);
    else requests.push({ clientId: alert.clientId, alerts: [alert] });
  }
  return requests;
}

const DONE: Record<Act['action'], string> = {
  acknowledge: 'acknowledged',
  unacknowledge: 'no longer acknowledged',
  snooze: 'snoozed',
  unsnooze: 'no longer snoozed',
};

/** What a user reads after an action; `bad`: at least one alert refused it. */
export function resultText(action: Act['action'], acted: readonly AlertActed[]): { text: string; bad: boolean } {
  const problems = acted.flatMap((each) => ('problem' in each ? [each.problem] : []));
  const count = acted.length - problems.length;
  const done = `${count} ${count === 1 ? 'alert' : 'alerts'} ${DONE[action]}.`;
  const [first] = problems;
  if (first === undefined) return { text: done, bad: false };
  const why = [first.title, first.detail].filter((each) => each !== undefined).join(' ');
  return { text: `${count > 0 ? `${done} ` : ''}${problems.length} refused it: ${why}`, bad: true };
}
