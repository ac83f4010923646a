import { at, everyPage, post, send } from '../server/send.ts';
import type { AlertActed, AlertRecord, AlertSummary, AlertValues, Page } from '../server/wire.ts';
import type { Act, ActRequest } from './act/actions.ts';
import type { ShownState } from './list/filters.ts';

/** The newest alerts of each client that the history shows. */
export const HISTORY_MOST = 200;

/** All alerts of a client that fire now, or its newest ones. */
export async function getAlerts(clientId: string, state: ShownState): Promise<AlertSummary[]> {
  const path = at`/api/clients/${clientId}/alerts`;
  if (state === 'open') return alertsOf(await everyPage<AlertPage>(`${path}?state=open&limit=500`));
  return alertsOf([await send(`${path}?state=all&limit=${HISTORY_MOST}`)]);
}

/** The alert of a client that changed last. */
export async function getNewestAlert(clientId: string): Promise<AlertSummary | undefined> {
  const page = await send<AlertPage>(at`/api/clients/${clientId}/alerts` + '?state=all&limit=1');
  return page.alerts[0];
}

export const getAlert = (clientId: string, id: string): Promise<AlertRecord> =>
  send(at`/api/clients/${clientId}/alerts/${id}`);

export const getValues = ({ clientId, id }: AlertSummary): Promise<AlertValues> =>
  send(at`/api/clients/${clientId}/alerts/${id}/values`);

export const actOn = (
  { clientId, alerts }: ActRequest,
  { action, ...details }: Act & { by: string },
): Promise<{ alerts: AlertActed[] }> =>
  post(at`/api/clients/${clientId}/alerts/${action}`, { ids: alerts.map(({ id }) => id), ...details });

/** Why the rule of an alert fires or does not, now. */
export function getExplanation({ clientId, ruleId, group, partition }: AlertSummary): Promise<{ text: string[] }> {
  const query = new URLSearchParams();
  if (Object.keys(group).length > 0) query.set('group', JSON.stringify(group));
  if (Object.keys(partition).length > 0) query.set('partition', JSON.stringify(partition));
  return send(`${at`/api/clients/${clientId}/rules/${ruleId}/explain`}?${query}`);
}

type AlertPage = Page & { alerts: AlertSummary[] };

const alertsOf = (pages: readonly AlertPage[]): AlertSummary[] => pages.flatMap(({ alerts }) => alerts);
