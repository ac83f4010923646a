import type { AlertRecord } from '../../../core/read-model/alert-record.ts';
import type { ApiCommand } from '../../api-client.ts';
import { printJson } from '../../io.ts';
import { textTable } from '../../output/text-table.ts';
import { pagesOf } from '../../pages.ts';

export interface AlertFilter {
  clientId: string;
  all: boolean;
  rule?: string | undefined;
  severity?: string | undefined;
  limit: number;
}

type Summary = { id: string; status: string } & Omit<AlertRecord, 'transitions' | 'omitted'>;

/** Most that the API answers at once. */
const PAGE = 500;

/** Prints the alerts of a client, the newest change first. */
export async function listAlerts(
  { clientId, all, rule, severity, limit }: AlertFilter,
  { io, api, json }: ApiCommand,
): Promise<void> {
  const query = {
    state: all ? 'all' : 'open',
    limit: String(Math.min(limit, PAGE)),
    ...(rule !== undefined && { rule }),
    ...(severity !== undefined && { severity }),
  };
  const found: Summary[] = [];
  for await (const { alerts } of pagesOf<{ alerts: Summary[] }>(api, ['clients', clientId, 'alerts'], query)) {
    found.push(...alerts);
    if (found.length >= limit) break;
  }
  const shown = found.slice(0, limit);
  if (json) {
    printJson(io, shown);
    return;
  }
  const rows = shown.map(({ id, ruleId, state, severity, startsAt, message }) => [
    ...[id, ruleId, state, severity, startsAt ?? '', message],
  ]);
  io.stdout.write(textTable([['ALERT', 'RULE', 'STATE', 'SEVERITY', 'SINCE', 'MESSAGE'], ...rows]));
}

/** Prints the transitions of an alert. */
export async function showAlert(clientId: string, alertId: string, { io, api, json }: ApiCommand): Promise<void> {
  const { body } = await api.request('GET', ['clients', clientId, 'alerts', alertId]);
  if (json) {
    printJson(io, body);
    return;
  }
  const { ruleId, state, episode, transitions, omitted } = body as AlertRecord;
  io.stdout.write(`${clientId}/${ruleId}, episode ${episode}: ${state}\n`);
  // An action does not move the clock of the rule, by which transitions are due.
  const rows = transitions.map(({ at, action, status, reason, severity, message }) => [
    ...[action?.at ?? at, status, reason, severity, message],
  ]);
  io.stdout.write(textTable([['AT', 'STATUS', 'REASON', 'SEVERITY', 'MESSAGE'], ...rows]));
  if (omitted > 0) io.stdout.write(`${omitted} transitions after the first are left out.\n`);
}

/** Builds the lists of alerts again. */
export async function rebuildAlerts({ io, api, json }: ApiCommand): Promise<void> {
  await api.request('POST', ['alerts', 'rebuild']);
  if (json) printJson(io, { rebuilding: true });
  else io.stdout.write('vigil builds the lists again; the metric vigil_alert_records_pending says how much is left.\n');
}
