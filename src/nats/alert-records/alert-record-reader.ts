import type { JetStreamClient, JetStreamManager } from 'nats';
import type { AlertRecordsPort } from '../../api/ports/alert-records.ts';
import type { AlertRecord } from '../../core/read-model/alert-record.ts';
import { parseJson } from '../../core/primitives/text/parse-json.ts';
import { newestMessage } from '../connection/stored-message.ts';
import {
  ALERT_RECORDS_STREAM,
  alertRecordSubject,
  OPEN_ALERTS_STREAM,
  openAlertSubject,
} from '../connection/topology.ts';
import { orUnreachable } from '../connection/unreachable.ts';
import { newestFirst } from '../reading/newest-first.ts';

const ALL = '*';

/** Lists and reads the records of alerts. */
export function createAlertRecordReader(
  js: JetStreamClient,
  jsm: JetStreamManager,
): Pick<AlertRecordsPort, 'list' | 'get'> {
  return {
    list: ({ clientId, ruleId = ALL, onlyOpen, isWanted, limit, before }) =>
      orUnreachable(async () => {
        const found = await newestFirst(js, jsm, {
          stream: onlyOpen ? OPEN_ALERTS_STREAM : ALERT_RECORDS_STREAM,
          subject: (onlyOpen ? openAlertSubject : alertRecordSubject)(clientId, ruleId, ALL),
          headersOnly: false,
          pick(message) {
            const record = parseJson(message.string()) as AlertRecord;
            return isWanted(record) ? { id: idOf(message.subject), record } : undefined;
          },
          limit: limit + 1,
          before,
        });
        const page = found.slice(0, limit);
        return {
          alerts: page.map(({ item }) => item),
          next: found.length > limit ? (page.at(-1)?.sequence ?? null) : null,
        };
      }),
    get: (clientId, id) =>
      orUnreachable(async () => {
        const found =
          (await newestMessage(jsm, ALERT_RECORDS_STREAM, alertRecordSubject(clientId, ALL, id))) ??
          (await newestMessage(jsm, OPEN_ALERTS_STREAM, openAlertSubject(clientId, ALL, id)));
        return found === null ? null : (parseJson(found.string()) as AlertRecord);
      }),
  };
}

const idOf = (subject: string): string => subject.slice(subject.lastIndexOf('.') + 1);
