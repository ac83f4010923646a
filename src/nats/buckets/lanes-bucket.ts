import type { KV, KvEntry, NatsConnection } from 'nats';
import { VigilError } from '../../core/primitives/errors.ts';
import type { LaneRecord, LanesNews, LanesPort } from '../../ingest/ports.ts';
import { isJetStreamError } from '../connection/jetstream-error.ts';
import { LANES_BUCKET, READERS_BUCKET } from '../connection/topology.ts';
import { watchLoaded } from '../connection/watch-kv.ts';

/** Heartbeats expire after this time. */
const READER_TTL_MS = 60_000;
/** A reader without a heartbeat for this time counts as stopped. */
const SILENT_MS = 5_000;
const COUNT_KEY = 'count';
const keyOf = (lane: number): string => `lane.${lane}`;

/**
 * The lanes with their ack floors and owners in a NATS KV bucket, and the readers' heartbeats in another.
 * @throws VigilError LANES_IN_USE if readers run with another number of lanes
 */
export async function openLanes(nats: NatsConnection, count: number): Promise<LanesPort> {
  const js = nats.jetstream();
  const lanes = await js.views.kv(LANES_BUCKET, { history: 1 });
  const readers = await js.views.kv(READERS_BUCKET, { history: 1, ttl: READER_TTL_MS });
  await agreeOnCount(lanes, readers, count);
  return {
    count,
    async watch(news) {
      const ends = [
        await watchLoaded(nats, lanes, (entry) => reportLane(entry, news)),
        await watchLoaded(nats, readers, (entry) => reportReader(entry, news)),
      ];
      return () => ends.forEach((end) => end());
    },
    async beat(reader, number) {
      await readers.put(reader, String(number));
    },
    async leave(reader) {
      await readers.delete(reader);
    },
    async write(lane, record, revision) {
      return casPut(lanes, keyOf(lane), JSON.stringify(record), revision);
    },
  };
}

function reportLane(entry: KvEntry, news: LanesNews): void {
  const lane = /^lane\.(\d+)$/.exec(entry.key)?.[1];
  if (lane !== undefined && entry.operation === 'PUT')
    news.lane(Number(lane), { record: entry.json<LaneRecord>(), revision: entry.revision });
}

function reportReader(entry: KvEntry, news: LanesNews): void {
  if (entry.operation === 'PUT') news.beat(entry.key, Number(entry.string()), entry.created.getTime());
  else news.left(entry.key);
}

/** Compare-and-set on the revision, 0 for a new key; null if the revision has changed. */
async function casPut(kv: KV, key: string, text: string, revision: number): Promise<number | null> {
  try {
    return await (revision === 0 ? kv.create(key, text) : kv.update(key, text, revision));
  } catch (error) {
    if (isJetStreamError(error, 'wrongLastSequence')) return null;
    throw error;
  }
}

/**
 * All readers must have the same number of lanes. It can change while none runs: all lanes then start at the slowest.
 */
async function agreeOnCount(lanes: KV, readers: KV, count: number): Promise<void> {
  const known = await lanes.get(COUNT_KEY);
  const before = known?.operation === 'PUT' ? Number(known.string()) : null;
  if (before === count) return;
  if (before !== null) {
    const running = await runningReaders(readers);
    if (running.length > 0) {
      const advice = `${running.length === 1 ? '1 reader runs' : `${running.length} readers run`} with ${before} lanes, but this one has VIGIL_LANES=${count}. Stop all of them first, or start this one with VIGIL_LANES=${before}.`;
      throw new VigilError('LANES_IN_USE', advice, { before, count, running });
    }
    const records = await Promise.all(Array.from({ length: before }, (_, lane) => recordOf(lanes, lane)));
    const slowest = records.reduce((a, b) => (b.sequence < a.sequence ? b : a));
    const start: LaneRecord = {
      ...slowest,
      owner: null,
      rulesVersion: Math.min(...records.map(({ rulesVersion }) => rulesVersion)),
    };
    for (let lane = 0; lane < Math.max(count, before); lane++) await lanes.put(keyOf(lane), JSON.stringify(start));
  }
  if ((await casPut(lanes, COUNT_KEY, String(count), known?.revision ?? 0)) === null)
    await agreeOnCount(lanes, readers, count);
}

async function recordOf(kv: KV, lane: number): Promise<LaneRecord> {
  const entry = await kv.get(keyOf(lane));
  return entry?.operation === 'PUT'
    ? entry.json<LaneRecord>()
    : { owner: null, sequence: 0, storedAtMs: 0, rulesVersion: 0 };
}

async function runningReaders(kv: KV): Promise<string[]> {
  const probe = 'probe';
  await kv.put(probe, '0');
  const now = (await kv.get(probe))?.created.getTime() ?? 0;
  await kv.delete(probe);
  const names: string[] = [];
  for await (const name of await kv.keys()) names.push(name);
  const entries = await Promise.all(names.map((name) => kv.get(name)));
  return entries.flatMap((entry) =>
    entry?.operation === 'PUT' && now - entry.created.getTime() < SILENT_MS ? [entry.key] : [],
  );
}
