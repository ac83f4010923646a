import type { JetStreamClient, JetStreamManager, NatsConnection } from 'nats';
import { writeForOthers } from '../../core/primitives/text/write-json.ts';
import type { AlertEnvelope } from '../../core/model/alert/alert.ts';
import { alertSubject } from '../connection/topology.ts';
import { storedBefore } from './stored-ids.ts';

/** Publishes alerts of one rule in order; none that the stream has already. */
export function createAlertPublisher(nats: NatsConnection, js: JetStreamClient, jsm: JetStreamManager) {
  return {
    async publish(alerts: readonly AlertEnvelope[], lateToleranceMs: number): Promise<void> {
      const stored = await storedBefore(nats, jsm, alerts, lateToleranceMs);
      await publishInOrder(
        js,
        alerts.filter(({ id }) => !stored.has(id)),
      );
    },
  };
}

/** Publishes alerts one at a time, so that the stream keeps their order. It drops those whose ids it knows. */
export async function publishInOrder(js: JetStreamClient, alerts: readonly AlertEnvelope[]): Promise<void> {
  for (const alert of alerts) {
    const { clientId, ruleId } = alert.data;
    await js.publish(alertSubject(clientId, ruleId), writeForOthers(alert), { msgID: alert.id });
  }
}
