import type { JetStreamClient, JetStreamManager } from 'nats';
import type { AlertEnvelope } from '../../core/model/alert.ts';
import type { AlertLogPort } from '../../ingest/ports.ts';
import { ALERTS_STREAM, alertSubject } from '../connection/topology.ts';

const MESSAGE_ID = 'Nats-Msg-Id';
const AT_ONCE = 1_000;
const WITHIN_MS = 5_000;

/** What the alert stream holds of a partition set. */
export function createAlertLog(js: JetStreamClient, jsm: JetStreamManager): AlertLogPort {
  return {
    async newestOf(clientId, ruleId, setIds) {
      const subject = alertSubject(clientId, ruleId);
      // The ids are in the headers: of all alerts but the newest, the bodies stay where they are.
      const consumer = await js.consumers.get(ALERTS_STREAM, { filterSubjects: subject, headers_only: true });
      const { num_pending: count } = await consumer.info();
      const newest = new Map<string, number>();
      for (let left = count; left > 0; ) {
        const messages = await consumer.fetch({ max_messages: Math.min(left, AT_ONCE), expires: WITHIN_MS });
        // Those that are not there any more, or not in time, do not come.
        let pending = 0;
        for await (const { headers, seq, info } of messages) {
          const setId = setOf(headers?.get(MESSAGE_ID) ?? '', setIds);
          if (setId !== undefined) newest.set(setId, seq);
          ({ pending } = info);
        }
        left = pending;
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
