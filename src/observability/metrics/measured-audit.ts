import type { AuditPort } from '../../api/ports.ts';
import type { AuditEntry } from '../../core/model/audit.ts';
import type { Log } from '../log.ts';
import type { Metrics } from './metrics.ts';
import type { PublishWatch } from './publish-watch.ts';

/**
 * Records entries with `write`. An entry that cannot be stored does not undo what it tells of: the log has it then, and
 * the metrics and `watch` say so.
 */
export function measuredAudit(
  write: (entry: AuditEntry) => Promise<void>,
  { auditFailures }: Metrics,
  watch: PublishWatch,
  log: Log,
): Pick<AuditPort, 'record'> {
  return {
    async record(entry) {
      const of = entry.clientId ?? 'vigil';
      try {
        await write(entry);
        watch.succeeded(of);
      } catch (error) {
        const reason = watch.failed(of, error);
        auditFailures.inc({ reason });
        log.error({ audit: entry, reason, err: error }, 'audit: this entry is not stored in the stream AUDIT');
      }
    },
  };
}
