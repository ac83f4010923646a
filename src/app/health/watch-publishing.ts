import type { Log } from '../../observability/log.ts';
import { publishFailure } from '../../nats/connection/publish-failure.ts';
import { DEGRADED, degraded, type DegradedCode, type DegradedReason } from '../../core/health/degraded.ts';
import { FailingWork } from '../../core/health/failing-work.ts';
import type { PublishWatch } from '../../observability/metrics/publish-watch.ts';

export interface WatchedPublishing extends PublishWatch {
  reasons: () => DegradedReason[];
}

/**
 * Reports publishing that fails: in the log once a minute, and in /healthz.
 * @param what the kind of messages: `Alerts`
 */
export function watchPublishing(code: DegradedCode, what: string, log: Log): WatchedPublishing {
  const work = new FailingWork();
  return {
    failed(of, error) {
      const { reason, detail } = publishFailure(error);
      const [clientId = of, ruleId] = of.split('/');
      if (work.failed(of, detail, Date.now())) {
        log.warn(
          { clientId, ...(ruleId !== undefined && { ruleId }), reason, err: error },
          `${what} cannot be published: ${detail}. ${DEGRADED[code]}`,
        );
      }
      return reason;
    },
    succeeded: (of) => work.succeeded(of),
    reasons() {
      const failing = work.summary(Date.now());
      if (failing === null) return [];
      const { count, sinceMs, detail } = failing;
      return [degraded(code, `${what} cannot be published: ${detail}.`, sinceMs, { detail, failing: count })];
    },
  };
}
