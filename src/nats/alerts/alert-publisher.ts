import type { JetStreamClient } from 'nats';
import type { AlertEnvelope } from '../../core/model/alert.ts';
import { alertSubject } from '../connection/topology.ts';

/** Publishes alerts one after the other, so that their order on the stream is the order in which they came to be. */
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
