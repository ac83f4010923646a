import type { JetStreamClient, JetStreamManager, NatsConnection } from 'nats';
import { writeForOthers } from '../../core/primitives/text/write-json.ts';
import type { AlertEnvelope } from '../../core/model/alert.ts';
import { alertSubject } from '../connection/topology.ts';
import { storedBefore } from './stored-ids.ts';

/** Publishes alerts of one rule one at a time, so that the stream keeps their order; none that the stream has already. */
export function createAlertPublisher(nats: NatsConnection, js: JetStreamClient, jsm: JetStreamManager) {
  return {
    async publish(alerts: readonly AlertEnvelope[], lateToleranceMs: number): Promise<void> {
      const stored = await storedBefore(nats, jsm, alerts, lateToleranceMs);
      for (const alert of alerts) {
        if (stored.has(alert.id)) continue;
        await js.publish(alertSubject(alert.data.clientId, alert.data.ruleId), writeForOthers(alert), {
          msgID: alert.id,
        });
      }
    },
  };
}
