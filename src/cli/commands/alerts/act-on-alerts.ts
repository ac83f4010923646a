import { VigilError } from '../../../core/primitives/errors.ts';
import { parseDuration } from '../../../core/primitives/text/duration.ts';
import type { ApiCommand } from '../../api-client.ts';
import { FAILED, OK, printJson } from '../../io.ts';

export interface ActRequest {
  action: string;
  clientId: string;
  ids: readonly string[];
  note?: string | undefined;
  /** ISO 8601, or a duration from now. */
  until?: string | undefined;
}

interface Acted {
  alerts: ({ id: string } & ({ changed: boolean } | { problem: { code: string; message: string } }))[];
}

/** Acts on alerts, and prints what came of each. Resolves with the exit code: failed if one was refused. */
export async function actOnAlerts(
  { action, clientId, ids, note, until }: ActRequest,
  { io, api, user, json }: ApiCommand,
): Promise<number> {
  const { body } = await api.request('POST', ['clients', clientId, 'alerts', action], {
    ids,
    by: user,
    ...(note !== undefined && { note }),
    ...(until !== undefined && { until: timeOf(until) }),
  });
  const { alerts } = body as Acted;
  const refused = alerts.filter((alert) => 'problem' in alert);
  if (json) printJson(io, alerts);
  for (const alert of json ? [] : alerts) {
    if ('problem' in alert) io.stderr.write(`vigil: ${alert.id}: ${alert.problem.code}: ${alert.problem.message}\n`);
    else io.stdout.write(`${alert.id}  ${alert.changed ? `${action}d` : 'unchanged'}\n`);
  }
  return refused.length > 0 ? FAILED : OK;
}

/** @throws VigilError ACTION_INVALID */
function timeOf(text: string): string {
  const fromNow = parseDuration(text);
  const ms = fromNow === undefined ? Date.parse(text) : Date.now() + fromNow;
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  throw new VigilError(
    'ACTION_INVALID',
    '--until takes a time such as 2026-01-01T08:00:00Z, or a duration such as 2h.',
  );
}
