import type { JetStreamManager, NatsConnection } from 'nats';
import type { AlertEnvelope } from '../../core/model/alert.ts';
import type { AlertLogPort } from '../../ingest/ports.ts';
import { ALERTS_STREAM, alertSubject } from '../connection/topology.ts';
import { openStreamConsumer } from '../reading/stream-consumer.ts';
import { untilEnd } from '../reading/until-end.ts';

const MESSAGE_ID = 'Nats-Msg-Id';

/** Reads the alerts of partition sets from the alert stream. */
export function createAlertLog(nats: NatsConnection, jsm: JetStreamManager): AlertLogPort {
  return {
    async newestOf(clientId, ruleId, setIds) {
      // Alert ids are in the headers, so only the bodies of the newest alerts are read.
      const reading = {
        stream: ALERTS_STREAM,
        start: null,
        subjects: [alertSubject(clientId, ruleId)],
        headersOnly: true,
      };
      const consumer = await openStreamConsumer(nats, jsm, reading, ({ headers }, { sequence, left }) => ({
        id: headers?.get(MESSAGE_ID) ?? '',
        sequence,
        left,
      }));
      const newest = new Map<string, number>();
      try {
        for await (const alerts of untilEnd(consumer)) {
          for (const { id, sequence } of alerts) {
            const setId = setOf(id, setIds);
            if (setId !== undefined) newest.set(setId, sequence);
          }
        }
      } finally {
        await consumer.stop();
      }
      const evaluated = new Map<string, number>();
      for (const [setId, seq] of newest) {
        const message = await jsm.streams.getMessage(ALERTS_STREAM, { seq });
        evaluated.set(setId, Date.parse(message.json<AlertEnvelope>().data.evaluatedAt));
      }
      return evaluated;
    },
  };
}

/** Alert ids are `<set id>[/<partition>]#…`. */
function setOf(alertId: string, setIds: ReadonlySet<string>): string | undefined {
  for (let end = alertId.indexOf('#'); end > 0; end = alertId.lastIndexOf('/', end - 1)) {
    const setId = alertId.slice(0, end);
    if (setIds.has(setId)) return setId;
  }
  return undefined;
}
