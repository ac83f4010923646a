import type { AlertRecordsPort } from '../../../src/api/ports/alert-records.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { withTransition, type AlertRecord } from '../../../src/core/read-model/alert-record.ts';

export interface FakeAlerts {
  port: AlertRecordsPort;
  /** Adds an alert to the record with this id. */
  add(id: string, alert: AlertEnvelope): void;
  /** Ends that were published. */
  closed: AlertEnvelope[];
  /** How often all records were to be built again. */
  rebuilds(): number;
}

/** Records of alerts in memory, in the order of their last change. */
export function fakeAlerts(): FakeAlerts {
  const records = new Map<string, { record: AlertRecord; sequence: number }>();
  const closed: AlertEnvelope[] = [];
  let sequence = 0;
  let rebuilds = 0;
  return {
    add(id, alert) {
      sequence += 1;
      records.set(id, { record: withTransition(records.get(id)?.record ?? null, alert, sequence), sequence });
    },
    closed,
    rebuilds: () => rebuilds,
    port: {
      async list({ clientId, ruleId, onlyOpen, isWanted, limit, before = Infinity }) {
        const wanted = [...records]
          .filter(
            ([, { record, sequence: at }]) =>
              record.clientId === clientId &&
              (ruleId === undefined || record.ruleId === ruleId) &&
              (!onlyOpen || record.state === 'firing') &&
              isWanted(record) &&
              at < before,
          )
          .sort(([, a], [, b]) => b.sequence - a.sequence);
        const page = wanted.slice(0, limit);
        return {
          alerts: page.map(([id, { record }]) => ({ id, record })),
          next: wanted.length > limit ? (page.at(-1)?.[1].sequence ?? null) : null,
        };
      },
      async get(clientId, id) {
        const record = records.get(id)?.record;
        return record?.clientId === clientId ? record : null;
      },
      async close(alerts) {
        closed.push(...alerts);
      },
      async rebuild() {
        rebuilds += 1;
      },
    },
  };
}
