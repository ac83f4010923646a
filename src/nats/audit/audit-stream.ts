import type { JetStreamClient, JetStreamManager } from 'nats';
import type { AuditPort } from '../../api/ports/audit.ts';
import { auditEntry, type AuditEntry } from '../../core/model/access/audit.ts';
import { AUDIT_STREAM, auditSubject } from '../connection/topology.ts';
import { orUnreachable } from '../connection/unreachable.ts';
import type { AuditWrite } from './audit-retry.ts';
import { newestFirst } from '../reading/newest-first.ts';

/** Short, because the answer to a change waits for it. */
const STORED_WITHIN_MS = 2_000;
/** Subject of what concerns no client. It cannot be a client id. */
const NO_CLIENT = '_vigil';
const ALL = '*';

/** Stores entries of the audit. Rejects if that fails. */
export const createAuditWriter =
  (js: JetStreamClient): AuditWrite =>
  async (entry, id) => {
    const options = { msgID: id, timeout: STORED_WITHIN_MS };
    await js.publish(auditSubject(entry.clientId ?? NO_CLIENT), JSON.stringify(entry), options);
  };

/** Lists entries of the audit. */
export function createAuditReader(js: JetStreamClient, jsm: JetStreamManager): Pick<AuditPort, 'list'> {
  return {
    list: ({ clientId = ALL, ruleId, action, sinceMs, limit, before }) =>
      orUnreachable(async () => {
        const found = await newestFirst(js, jsm, {
          stream: AUDIT_STREAM,
          subject: auditSubject(clientId),
          headersOnly: false,
          pick(message) {
            const entry = read(message.data);
            const isWanted =
              (ruleId === undefined || entry?.ruleId === ruleId) && (action === undefined || entry?.action === action);
            return isWanted ? entry : undefined;
          },
          limit: limit + 1,
          before,
          sinceMs,
        });
        const page = found.slice(0, limit);
        return {
          entries: page.map(({ item }) => item),
          next: found.length > limit ? (page.at(-1)?.sequence ?? null) : null,
        };
      }),
  };
}

/** Undefined if another program has written it, or a newer build with an action that this one does not know. */
function read(bytes: Uint8Array): AuditEntry | undefined {
  try {
    return auditEntry.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    return undefined;
  }
}
