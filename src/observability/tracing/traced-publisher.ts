import type { AlertPublisher } from '../../../activities/activities.ts';
import type { AlertEnvelope } from '../../core/model/alert/alert.ts';
import type { OpenSpan, Tracing } from './tracing.ts';

/**
 * Wraps an alert publisher: a span `vigil.alert` for each alert with a trace, from its evaluation to its publication.
 */
export function tracedPublisher(publisher: AlertPublisher, tracing: Pick<Tracing, 'begin'>): AlertPublisher {
  return {
    async publish(alerts, lateToleranceMs) {
      const spans: OpenSpan[] = [];
      const traced = alerts.map((alert): AlertEnvelope => {
        if (alert.traceparent === undefined) return alert;
        const { clientId, ruleId, status, evaluatedAt } = alert.data;
        const attributes = {
          'vigil.client_id': clientId,
          'vigil.rule_id': ruleId,
          'vigil.alert_id': alert.id,
          'vigil.alert_status': status,
        };
        const span = tracing.begin('vigil.alert', alert.traceparent, attributes, Date.parse(evaluatedAt));
        spans.push(span);
        return { ...alert, traceparent: span.traceparent };
      });
      try {
        await publisher.publish(traced, lateToleranceMs);
      } catch (error) {
        for (const span of spans) span.end(error instanceof Error ? error.message : 'not published');
        throw error;
      }
      for (const span of spans) span.end();
    },
  };
}
