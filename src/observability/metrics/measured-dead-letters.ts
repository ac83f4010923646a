import type { DeadLetterPort } from '../../ingest/ports.ts';
import type { Metrics } from './metrics.ts';
import type { PublishWatch } from './publish-watch.ts';

/** Wraps a dead-letter port: counts stored dead letters and failures, and reports both to `watch`. */
export function measuredDeadLetters(
  port: DeadLetterPort,
  { deadLetters, deadLetterFailures }: Metrics,
  watch: PublishWatch,
): DeadLetterPort {
  return {
    async publish(message, clientId, reason, detail) {
      try {
        await port.publish(message, clientId, reason, detail);
      } catch (error) {
        deadLetterFailures.inc({ reason: watch.failed(clientId, error) });
        throw error;
      }
      watch.succeeded(clientId);
      deadLetters.inc({ reason });
    },
  };
}
