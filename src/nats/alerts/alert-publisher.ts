import type { JetStreamClient } from 'nats';
import { writeForOthers } from '../../core/primitives/text/write-json.ts';
import type { AlertEnvelope } from '../../core/model/alert.ts';
import { alertSubject } from '../connection/topology.ts';

/** Publishes alerts one at a time, so that the stream keeps their order. */
export function createAlertPublisher(js: JetStreamClient) {
  return {
    async publish(alerts: readonly AlertEnvelope[]): Promise<void> {
      for (const alert of alerts) {
        await js.publish(alertSubject(alert.data.clientId, alert.data.ruleId), writeForOthers(alert), {
          msgID: alert.id,
        });
      }
    },
  };
}
