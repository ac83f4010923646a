import type { JetStreamClient, JetStreamManager } from 'nats';
import type { AlertEnvelope } from '../../core/alert.ts';
import type { AlertLogPort } from '../../subscriber/ports.ts';
import { ALERTS_STREAM, alertSubject } from './topology.ts';

const MESSAGE_ID = 'Nats-Msg-Id';
const AT_ONCE = 1_000;
const WITHIN_MS = 5_000;

/** What the alert stream holds of a partition set. */
export function createAlertLog(js: JetStreamClient, jsm: JetStreamManager): AlertLogPort {
  return {
    async newestOf(clientId, ruleId, setId) {
      const subject = alertSubject(clientId, ruleId);
      // The ids are in the headers: of all alerts but one, the bodies stay where they are.
      const consumer = await js.consumers.get(ALERTS_STREAM, { filterSubjects: subject, headers_only: true });
      const { num_pending: count } = await consumer.info();
      let newest: number | null = null;
      for (let left = count; left > 0; ) {
        const messages = await consumer.fetch({ max_messages: Math.min(left, AT_ONCE), expires: WITHIN_MS });
        // Those that are not there any more, or not in time, do not come.
        let pending = 0;
        for await (const { headers, seq, info } of messages) {
          if (isOf(setId, headers?.get(MESSAGE_ID) ?? '')) newest = seq;
          ({ pending } = info);
        }
        left = pending;
      }
      if (newest === null) return null;
      const message = await jsm.streams.getMessage(ALERTS_STREAM, { seq: newest });
      return Date.parse(message.json<AlertEnvelope>().data.evaluatedAt);
    },
  };
}

/** Alert ids are `<set id>[/<partition>]#…`. */
const isOf = (setId: string, alertId: string): boolean => alertId.startsWith(setId) && ['#', '/'].includes(alertId.charAt(setId.length));
