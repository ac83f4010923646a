import { AuditRetry } from '../nats/audit/audit-retry.ts';
import type { createAuditWriter } from '../nats/audit/audit-stream.ts';
import type { Log } from '../observability/log.ts';
import { measuredAudit } from '../observability/metrics/measured-audit.ts';
import type { Metrics } from '../observability/metrics/metrics.ts';
import type { Health } from './health/health.ts';
import { watchPublishing } from './health/watch-publishing.ts';

interface AuditContext {
  write: ReturnType<typeof createAuditWriter>;
  log: Log;
  metrics: Metrics;
  health: Health;
}

/** Records the audit. While entries cannot be stored, vigil is degraded. */
export function openAudit({ write, log, metrics, health }: AuditContext): ReturnType<typeof measuredAudit> {
  const auditing = watchPublishing('AUDIT_NOT_STORED', 'Entries of the audit', log);
  health.degradedBy('nats', auditing.reasons);
  return measuredAudit((watched) => new AuditRetry({ write, ...watched }), metrics, auditing, log);
}
