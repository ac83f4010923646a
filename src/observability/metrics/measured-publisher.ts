import type { AlertPublisher } from '../../../activities/activities.ts';
import type { Metrics } from './metrics.ts';
import type { PublishWatch } from './publish-watch.ts';

/** Wraps an alert publisher: measures it and reports its results to `watch`. */
export function measuredPublisher(publisher: AlertPublisher, metrics: Metrics, watch: PublishWatch): AlertPublisher {
  const { alertsPublished, alertPublishFailures, alertPublishSeconds, alertDelay } = metrics;
  return {
    async publish(alerts, lateToleranceMs) {
      // All alerts of one call belong to the same rule.
      const [first] = alerts;
      const of = `${first?.data.clientId}/${first?.data.ruleId}`;
      const done = alertPublishSeconds.startTimer();
      try {
        await publisher.publish(alerts, lateToleranceMs);
      } catch (error) {
        alertPublishFailures.inc({ reason: watch.failed(of, error) });
        throw error;
      }
      watch.succeeded(of);
      done();
      const nowMs = Date.now();
      for (const { data } of alerts) {
        alertsPublished.inc({ status: data.status });
        // The clock of the stream can be ahead of this one.
        alertDelay.observe(Math.max(0, nowMs - lateToleranceMs - Date.parse(data.evaluatedAt)) / 1_000);
      }
    },
  };
}
