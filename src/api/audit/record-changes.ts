import type { Context, MiddlewareHandler } from 'hono';
import type { AuditAction, AuditEntry, AuditSubject } from '../../core/model/access/audit.ts';
import type { Authorship } from '../../core/model/access/authorship.ts';
import { ID_PATTERN } from '../../core/model/ids.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { LIMITS } from '../../core/primitives/limits.ts';
import { isoTime } from '../../core/primitives/text/iso-time.ts';
import { routeOf } from '../access/authorize.ts';
import { RequestError } from '../errors.ts';
import { SAFE_METHODS } from '../guard.ts';
import type { AuditPort } from '../ports/audit.ts';

const CLIENT = '/api/clients/:clientId';
const RULE = `${CLIENT}/rules/:ruleId`;
const ALERTS = `${CLIENT}/alerts`;

/** The operations of the audit, by method and route. A test names those that are not. */
export const AUDITED: Readonly<Record<string, AuditAction>> = {
  [`PUT ${RULE}`]: 'putRule',
  [`DELETE ${RULE}`]: 'deleteRule',
  [`POST ${RULE}/enable`]: 'enableRule',
  [`POST ${RULE}/disable`]: 'disableRule',
  [`POST ${RULE}/pause`]: 'pauseRule',
  [`POST ${RULE}/resume`]: 'resumeRule',
  [`POST ${CLIENT}/pause`]: 'pauseClient',
  [`POST ${CLIENT}/resume`]: 'resumeClient',
  [`PUT ${CLIENT}/quotas`]: 'setQuotas',
  [`DELETE ${CLIENT}/quotas`]: 'clearQuotas',
  [`POST ${RULE}/rollback`]: 'rollBackRule',
  [`POST ${RULE}/reset`]: 'resetRule',
  [`POST ${ALERTS}/:alertId/acknowledge`]: 'acknowledgeAlert',
  [`POST ${ALERTS}/:alertId/unacknowledge`]: 'unacknowledgeAlert',
  [`POST ${ALERTS}/:alertId/snooze`]: 'snoozeAlert',
  [`POST ${ALERTS}/:alertId/unsnooze`]: 'unsnoozeAlert',
  [`POST ${ALERTS}/acknowledge`]: 'acknowledgeAlert',
  [`POST ${ALERTS}/unacknowledge`]: 'unacknowledgeAlert',
  [`POST ${ALERTS}/snooze`]: 'snoozeAlert',
  [`POST ${ALERTS}/unsnooze`]: 'unsnoozeAlert',
  [`POST ${ALERTS}/close-orphaned`]: 'closeOrphanedAlerts',
  'POST /api/alerts/rebuild': 'rebuildAlerts',
  'POST /api/dead-letters/:sequence/replay': 'replayDeadLetter',
  'DELETE /api/dead-letters/:sequence': 'dropDeadLetter',
  'POST /api/tokens': 'createToken',
  'DELETE /api/tokens/:tokenId': 'revokeToken',
};

/** What only the handler of a request knows of its entry. */
export type AuditDetails = Partial<AuditSubject> & Partial<Pick<AuditEntry, 'by' | 'result' | 'code'>>;

declare module 'hono' {
  interface ContextVariableMap {
    /** Who sends the request; set before its handler runs. */
    author: Authorship;
    audited: AuditDetails[] | undefined;
  }
}

/** Adds to the entry of this request; with several, the request has an entry for each. */
export const noteForAudit = (c: Context, ...details: AuditDetails[]): void => c.set('audited', details);

/** Records what changes something, and what is refused, before it is answered. */
export function recordChanges(audit: AuditPort): MiddlewareHandler {
  return async (c, next) => {
    if (SAFE_METHODS.has(c.req.method)) {
      await next();
      return;
    }
    await next();
    const action = AUDITED[routeOf(c) ?? ''];
    const author = c.get('author') as Authorship | undefined;
    // Whoever has no token must not be able to fill the audit.
    if (action === undefined || author === undefined) return;
    const at = isoTime(Date.now());
    const common = { at, ...author, action, ...subjectOf(c), ...resultOf(c) };
    const entries = (c.get('audited') ?? [{}]).map((details: AuditDetails) =>
      bounded({ ...common, ...details, by: author.by ?? details.by ?? null }),
    );
    await Promise.all(entries.map((entry) => audit.record(entry)));
  };
}

function subjectOf(c: Context): AuditSubject {
  const { clientId, ruleId, alertId, sequence } = c.req.param() as Record<string, string | undefined>;
  const version = /^"(\d+)"$/.exec(c.res.headers.get('etag') ?? '')?.[1];
  return {
    clientId: clientId ?? null,
    ...(ruleId !== undefined && { ruleId }),
    ...(version !== undefined && { version: Number(version) }),
    ...(alertId !== undefined && { alertId }),
    ...(/^\d{1,15}$/.test(sequence ?? '') && { deadLetter: Number(sequence) }),
  };
}

function resultOf({ error, res }: Context): Pick<AuditEntry, 'result' | 'code'> {
  if (res.ok) return { result: 'ok' };
  const isKnown = error instanceof VigilError || error instanceof RequestError;
  return { result: res.status < 500 ? 'refused' : 'failed', code: isKnown ? error.code : 'INTERNAL' };
}

/** Parts of a refused request can be of any length, and of any client. */
function bounded(entry: AuditEntry): AuditEntry {
  const { clientId, by, ruleId, alertId, note, until } = entry;
  return {
    ...entry,
    by: by?.slice(0, LIMITS.actorLength) ?? null,
    clientId: clientId !== null && ID_PATTERN.test(clientId) ? clientId : null,
    ...(ruleId !== undefined && { ruleId: ruleId.slice(0, ID_LENGTH) }),
    ...(alertId !== undefined && { alertId: alertId.slice(0, ID_LENGTH) }),
    ...(note !== undefined && { note: note.slice(0, LIMITS.noteLength) }),
    ...(until !== undefined && { until: until.slice(0, ID_LENGTH) }),
  };
}

const ID_LENGTH = 64;
