import type { JetStreamManager, NatsConnection } from 'nats';
import type { AlertEnvelope } from '../../core/model/alert/alert.ts';
import type { StreamAlert } from '../../core/model/alert/stream-alerts.ts';
import { jsonBytes } from '../../core/primitives/text/bytes.ts';
import { alertStateOf, tailOf } from '../../core/alerts/stream-alert.ts';
import type { AlertLogPort, PublishedOfSet } from '../../ingest/ports.ts';
import { ALERTS_STREAM } from '../connection/topology.ts';
import { NewestAlerts, type NewestOfAlert, type NewestOfSet } from './newest-alerts.ts';
import { alertIds } from './stored-ids.ts';

/** JSON bytes of alerts in a message to the set, and in the state of one in one piece: with that, far below the 2 MB of a payload. */
const PAGE_BYTES = 512 * 1024;
/** JSON bytes of all alerts of one set: each of 64 shards has room for its share next to its state. */
const SET_BYTES_MAX = 24 * 1024 * 1024;
const READ_AT_ONCE = 32;

export interface AlertLogSettings {
  pageBytes?: number;
  setBytesMax?: number;
}

interface ReadAlert {
  alert: StreamAlert;
  bytes: number;
  evaluatedMs: number;
}

/** Reads the alerts of partition sets from the alert stream. */
export function createAlertLog(
  nats: NatsConnection,
  jsm: JetStreamManager,
  { pageBytes = PAGE_BYTES, setBytesMax = SET_BYTES_MAX }: AlertLogSettings = {},
): AlertLogPort {
  const read = async (seq: number): Promise<AlertEnvelope['data']> =>
    (await jsm.streams.getMessage(ALERTS_STREAM, { seq })).json<AlertEnvelope>().data;

  async function readAlert([place, newest]: Place): Promise<ReadAlert> {
    const data = await read(newest.sequence);
    const { partition, evaluatedAt } = data;
    const alert = { place, partition, id: tailOf(newest.id), alert: alertStateOf(data, newest) };
    return { alert, bytes: jsonBytes(alert), evaluatedMs: Date.parse(evaluatedAt) };
  }

  async function* readAlerts(places: readonly Place[]): AsyncGenerator<ReadAlert> {
    for (let from = 0; from < places.length; from += READ_AT_ONCE)
      yield* await Promise.all(places.slice(from, from + READ_AT_ONCE).map(readAlert));
  }

  async function* pagesOf(places: readonly Place[]): AsyncGenerator<StreamAlert[]> {
    let page: StreamAlert[] = [];
    let pageSize = 0;
    for await (const { alert, bytes } of readAlerts(places)) {
      if (page.length > 0 && pageSize + bytes > pageBytes) {
        yield page;
        [page, pageSize] = [[], 0];
      }
      page.push(alert);
      pageSize += bytes;
    }
    if (page.length > 0) yield page;
  }

  async function publishedOfSet({ sequence, generation, places }: NewestOfSet): Promise<PublishedOfSet> {
    const { evaluatedAt, ruleVersion } = await read(sequence);
    const ofGeneration = [...places].filter(([, place]) => place.generation === generation).sort(ownFirst);
    const alerts: StreamAlert[] = [];
    let size = 0;
    // Shards publish side by side: the newest on the stream may not be the last evaluated one.
    let untilMs = Date.parse(evaluatedAt);
    for await (const { alert, bytes, evaluatedMs } of readAlerts(ofGeneration)) {
      size += bytes;
      untilMs = Math.max(untilMs, evaluatedMs);
      if (size <= pageBytes) alerts.push(alert);
    }
    const rest = ofGeneration.slice(alerts.length);
    return {
      untilMs,
      stream: size > setBytesMax ? null : { untilMs, generation, ruleVersion, alerts },
      more: rest.length === 0 ? null : () => pagesOf(rest),
    };
  }

  return {
    async publishedOf(clientId, ruleId, setIds) {
      const newest = new NewestAlerts(setIds);
      // Alert ids are in the headers, so only the bodies of the newest alerts are read.
      for await (const batch of alertIds(nats, jsm, { clientId, ruleId }, null))
        for (const { id, sequence } of batch) newest.add(id, sequence);
      const published = new Map<string, PublishedOfSet>();
      for (const [setId, ofSet] of newest.bySet) published.set(setId, await publishedOfSet(ofSet));
      return published;
    },
  };
}

type Place = [place: string, newest: NewestOfAlert];

const ownFirst = ([a]: Place, [b]: Place): number => Number(b === '') - Number(a === '');
