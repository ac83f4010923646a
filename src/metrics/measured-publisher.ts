import type { AlertPublisher } from '../../activities/activities.ts';
import type { Metrics } from './metrics.ts';

/** The publisher, with its work measured. */
export function measuredPublisher(publisher: AlertPublisher, metrics: Metrics): AlertPublisher {
  const { alertsPublished, alertPublishFailures, alertPublishSeconds, alertDelay } = metrics;
  return {
    async publish(alerts) {
      const done = alertPublishSeconds.startTimer();
      try {
        await publisher.publish(alerts);
      } catch (error) {
        alertPublishFailures.inc();
        throw error;
      }
      done();
      const nowMs = Date.now();
      for (const { data } of alerts) {
        alertsPublished.inc({ status: data.status });
        // The clock of the stream may be ahead of ours.
        alertDelay.observe(Math.max(0, nowMs - Date.parse(data.evaluatedAt)) / 1_000);
      }
    },
  };
}
