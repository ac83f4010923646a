import type { AuditEntry } from '../../../core/model/access/audit.ts';
import { VigilError } from '../../../core/primitives/errors.ts';
import { parseDuration } from '../../../core/primitives/text/duration.ts';
import type { ApiCommand } from '../../api-client.ts';
import { printJson } from '../../io.ts';
import { onOneLine } from '../../output/on-one-line.ts';
import { textTable } from '../../output/text-table.ts';
import { pagesOf } from '../../pages.ts';

export interface AuditFilter {
  clientId?: string | undefined;
  rule?: string | undefined;
  action?: string | undefined;
  /** ISO 8601, or a duration before now. */
  since?: string | undefined;
  limit: number;
}

/** Most that the API answers at once. */
const PAGE = 500;
const MISSING = '–';

/** Prints who has changed what, newest first. */
export async function listAudit(
  { clientId, rule, action, since, limit }: AuditFilter,
  { io, api, json }: ApiCommand,
): Promise<void> {
  const query = {
    limit: String(Math.min(limit, PAGE)),
    ...(rule !== undefined && { rule }),
    ...(action !== undefined && { action }),
    ...(since !== undefined && { since: timeOf(since) }),
  };
  const path = clientId === undefined ? ['audit'] : ['clients', clientId, 'audit'];
  const found: AuditEntry[] = [];
  for await (const { entries } of pagesOf<{ entries: AuditEntry[] }>(api, path, query)) {
    found.push(...entries);
    if (found.length >= limit) break;
  }
  const shown = found.slice(0, limit);
  if (json) {
    printJson(io, shown);
    return;
  }
  const rows = shown.map((entry) =>
    [
      ...[entry.at, entry.by ?? MISSING, originText(entry.from), entry.clientId ?? MISSING, entry.action],
      ...[whatOf(entry), entry.code ?? entry.result],
    ].map(onOneLine),
  );
  io.stdout.write(textTable([['AT', 'BY', 'FROM', 'CLIENT', 'ACTION', 'WHAT', 'RESULT'], ...rows]));
}

/** `cli 10.0.0.7`; of what a proxy forwards, the address that it states. */
export const originText = ({ channel, address, forwardedFor }: AuditEntry['from']): string =>
  [channel, forwardedFor ?? address ?? ''].join(' ').trim();

function whatOf({ ruleId, version, alertId, deadLetter, token, note, mode, until }: AuditEntry): string {
  const parts = [
    ...[ruleId, version === undefined ? undefined : `version ${version}`, alertId],
    ...[
      deadLetter === undefined ? undefined : `dead letter ${deadLetter}`,
      token === undefined ? undefined : `token ${token}`,
      until && `until ${until}`,
      mode,
      note,
    ],
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** @throws VigilError CONFIG_INVALID */
function timeOf(text: string): string {
  const before = parseDuration(text);
  const ms = before === undefined ? Date.parse(text) : Date.now() - before;
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  const advice = '--since takes a time such as 2026-01-01T08:00:00Z, or a duration such as 2d.';
  throw new VigilError('CONFIG_INVALID', advice, { since: text });
}
