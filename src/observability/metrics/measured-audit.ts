import type { AuditPort } from '../../api/ports/audit.ts';
import type { AuditEntry } from '../../core/model/access/audit.ts';
import type { Log } from '../log.ts';
import type { Metrics } from './metrics.ts';
import type { PublishWatch } from './publish-watch.ts';

/** Stores entries, and tries those that it could not store again: `AuditRetry`. */
interface Writer {
  write(entry: AuditEntry): Promise<void>;
  readonly count: number;
  stop(): Promise<void>;
}

interface Watched {
  onFailed: (error: unknown) => void;
  onStored: (entry: AuditEntry) => void;
  onDropped: (entry: AuditEntry) => void;
}

/**
 * Records entries. One that cannot be stored does not undo what it tells of: the log has it then, the metrics and `watch`
 * say so, and it is tried again.
 */
export function measuredAudit(
  createWriter: (watched: Watched) => Writer,
  { auditFailures, auditWaiting, auditDropped }: Metrics,
  watch: PublishWatch,
  log: Log,
): Pick<AuditPort, 'record'> & Pick<Writer, 'stop'> {
  const tellWaiting = (): void => {
    auditWaiting.set(writer.count);
    if (writer.count === 0) watch.succeeded(OWNER);
  };
  const countFailure = (error: unknown): string => {
    const reason = watch.failed(OWNER, error);
    auditFailures.inc({ reason });
    auditWaiting.set(writer.count);
    return reason;
  };
  const writer = createWriter({
    onFailed: countFailure,
    onStored(entry) {
      tellWaiting();
      log.info({ audit: entry }, 'audit: this entry is stored after all');
    },
    onDropped(entry) {
      auditWaiting.set(writer.count);
      auditDropped.inc();
      log.error({ audit: entry }, 'audit: this entry is not tried again; only the log has it');
    },
  });
  return {
    stop: () => writer.stop(),
    async record(entry) {
      try {
        await writer.write(entry);
        tellWaiting();
      } catch (error) {
        const reason = countFailure(error);
        log.error(
          { audit: entry, reason, err: error },
          'audit: this entry is not stored in the stream AUDIT; trying again',
        );
      }
    },
  };
}

/** All entries are in one stream: they are fine together, or not. */
const OWNER = 'vigil';
