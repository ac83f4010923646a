import type { DeadLetterPort } from '../subscriber/ports.ts';
import type { SubscriberMetrics } from './subscriber-metrics.ts';

/** The dead letters, counted once the stream has them. */
export function measuredDeadLetters(deadLetters: DeadLetterPort, { buried }: Pick<SubscriberMetrics, 'buried'>): DeadLetterPort {
  return {
    async bury(message, clientId, reason, detail) {
      await deadLetters.bury(message, clientId, reason, detail);
      buried(reason);
    },
  };
}
