import type { Log } from '../../observability/log.ts';
import { DELIVERED, type Sink } from './sink.ts';

/** Logs each alert as one line. */
export function logSink(log: Log): Sink {
  return {
    async deliver({ id, data }) {
      const { clientId, ruleId, status, reason, severity, group, partition, episode } = data;
      log.info(
        { clientId, ruleId, alert: { id, status, reason, severity, group, partition, episode } },
        `${clientId} ${ruleId} #${episode} ${status}: ${data.message}`,
      );
      return DELIVERED;
    },
  };
}
