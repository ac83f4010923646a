import type { JetStreamManager, NatsConnection } from 'nats';
import type { AlertEnvelope } from '../../core/model/alert/alert.ts';
import type { StreamAlert, StreamAlerts } from '../../core/model/alert/stream-alerts.ts';
import { jsonBytes } from '../../core/primitives/text/bytes.ts';
import { alertStateOf } from '../../core/alerts/stream-alert.ts';
import type { AlertLogPort, PublishedOfSet } from '../../ingest/ports.ts';
import { ALERTS_STREAM } from '../connection/topology.ts';
import { NewestAlerts, type NewestOfSet } from './newest-alerts.ts';
import { alertIds } from './stored-ids.ts';

/** Alerts of one set that are read: those of a whole set with many partitions. */
const ALERTS_MAX = 3_000;
/** JSON bytes of them in a message to the set, and in its state: with that, far below the 2 MB of a payload. */
const ALERTS_BYTES_MAX = 512 * 1024;
const READ_AT_ONCE = 32;

interface Alerts {
  alerts: StreamAlert[];
  /** When the last of them was evaluated, epoch ms. */
  untilMs: number;
}

/** Reads the alerts of partition sets from the alert stream. */
export function createAlertLog(nats: NatsConnection, jsm: JetStreamManager): AlertLogPort {
  const read = async (seq: number): Promise<AlertEnvelope['data']> =>
    (await jsm.streams.getMessage(ALERTS_STREAM, { seq })).json<AlertEnvelope>().data;

  async function alertsOf({ generation, places }: NewestOfSet): Promise<Alerts | null> {
    const ofGeneration = [...places].filter(([, place]) => place.generation === generation);
    if (ofGeneration.length > ALERTS_MAX) return null;
    const alerts: StreamAlert[] = [];
    let untilMs = -Infinity;
    for (let from = 0; from < ofGeneration.length; from += READ_AT_ONCE)
      alerts.push(
        ...(await Promise.all(
          ofGeneration.slice(from, from + READ_AT_ONCE).map(async ([place, newest]): Promise<StreamAlert> => {
            const data = await read(newest.sequence);
            untilMs = Math.max(untilMs, Date.parse(data.evaluatedAt));
            return { place, partition: data.partition, id: newest.id, alert: alertStateOf(data, newest) };
          }),
        )),
      );
    return jsonBytes(alerts) > ALERTS_BYTES_MAX ? null : { alerts, untilMs };
  }

  return {
    async publishedOf(clientId, ruleId, setIds) {
      const newest = new NewestAlerts(setIds);
      // Alert ids are in the headers, so only the bodies of the newest alerts are read.
      for await (const batch of alertIds(nats, jsm, { clientId, ruleId }, null))
        for (const { id, sequence } of batch) newest.add(id, sequence);
      const published = new Map<string, PublishedOfSet>();
      for (const [setId, ofSet] of newest.bySet) {
        const { evaluatedAt, ruleVersion } = await read(ofSet.sequence);
        const found = await alertsOf(ofSet);
        // Shards publish side by side: the newest on the stream may not be the last evaluated one.
        const untilMs = Math.max(Date.parse(evaluatedAt), found?.untilMs ?? -Infinity);
        const stream: StreamAlerts | null =
          found === null ? null : { untilMs, generation: ofSet.generation, ruleVersion, alerts: found.alerts };
        published.set(setId, { untilMs, stream });
      }
      return published;
    },
  };
}
