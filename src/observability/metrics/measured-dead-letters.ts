import type { DeadLetterPort } from '../../ingest/ports.ts';
import type { Metrics } from './metrics.ts';
import type { PublishWatch } from './publish-watch.ts';

/** The dead letters, counted once the stream has them, and watched. */
export function measuredDeadLetters(
  letters: DeadLetterPort,
  { deadLetters, deadLetterFailures }: Metrics,
  watch: PublishWatch,
): DeadLetterPort {
  return {
    async publish(message, clientId, reason, detail) {
      try {
        await letters.publish(message, clientId, reason, detail);
      } catch (error) {
        deadLetterFailures.inc({ reason: watch.failed(clientId, error) });
        throw error;
      }
      watch.succeeded(clientId);
      deadLetters.inc({ reason });
    },
  };
}
