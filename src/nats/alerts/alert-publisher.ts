import type { JetStreamClient } from 'nats';
import type { AlertEnvelope } from '../../core/model/alert.ts';
import { alertSubject } from '../connection/topology.ts';

/** Publishes alerts one at a time, so that the stream keeps their order. */
export function createAlertPublisher(js: JetStreamClient) {
  return {
    async publish(alerts: readonly AlertEnvelope[]): Promise<void> {
      for (const alert of alerts) {
        await js.publish(alertSubject(alert.data.clientId, alert.data.ruleId), JSON.stringify(alert), {
          msgID: alert.id,
        });
      }
    },
  };
}
