import type { AuditPort } from '../../../src/api/ports/audit.ts';
import type { AuditEntry } from '../../../src/core/model/access/audit.ts';

/** An audit in memory. `entries`: oldest first. */
export function fakeAudit(): { entries: AuditEntry[]; port: AuditPort } {
  const entries: AuditEntry[] = [];
  const port: AuditPort = {
    record: async (entry) => void entries.push(entry),
    async list({ clientId, ruleId, action, sinceMs = -Infinity, limit, before = Infinity }) {
      const found = entries
        .map((entry, index) => ({ entry, sequence: index + 1 }))
        .filter(({ sequence }) => sequence < before)
        .filter(({ entry }) => clientId === undefined || entry.clientId === clientId)
        .filter(({ entry }) => ruleId === undefined || entry.ruleId === ruleId)
        .filter(({ entry }) => action === undefined || entry.action === action)
        .filter(({ entry }) => Date.parse(entry.at) >= sinceMs)
        .reverse();
      const page = found.slice(0, limit);
      return {
        entries: page.map(({ entry }) => entry),
        next: found.length > limit ? (page.at(-1)?.sequence ?? null) : null,
      };
    },
  };
  return { entries, port };
}
