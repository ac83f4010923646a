import type { NatsConnection } from 'nats';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { LiveMessage } from '../../../src/api/ports/live.ts';
import { openLiveFeed, type LiveFeed } from '../../../src/nats/alerts/live-feed.ts';
import { connectNats } from '../../../src/nats/connection/connection.ts';
import { alertSubject, ensureStreams } from '../../../src/nats/connection/topology.ts';
import { alertOf } from '../../api/fakes/fake-ports.ts';
import { fileServers } from '../../support/servers/servers.ts';

const servers = await fileServers();
const CLIENT = 'client-01';

let nats: NatsConnection;
let feed: LiveFeed;
beforeAll(async () => {
  nats = await connectNats(servers.natsUrl, 'live-resume-test');
  await ensureStreams(await nats.jetstreamManager());
  feed = await openLiveFeed(nats, pino({ level: 'silent' }));
});
afterAll(async () => {
  await feed.stop();
  await nats.close();
});

const sendEvent = (client: string, value: number) =>
  nats.jetstream().publish(`events.${client}.status`, JSON.stringify({ value }));
const sendAlert = (client: string) =>
  nats.jetstream().publish(alertSubject(client, 'r'), JSON.stringify(alertOf({ clientId: client, ruleId: 'r' })));

async function since(place: { event: number; alert: number }, clientId?: string): Promise<string[] | null> {
  const batches = await feed.since(place, clientId);
  if (batches === null) return null;
  const found: LiveMessage[] = [];
  for await (const batch of batches) found.push(...batch);
  return found.map(({ kind, sequence }) => `${kind} ${sequence}`);
}

it('reads what came after a place, of all clients or of one, without what is no event', async () => {
  await sendEvent(CLIENT, 1);
  await nats.jetstream().publish(`events.${CLIENT}.status`, 'no JSON');
  await sendEvent('client-02', 2);
  await sendEvent(CLIENT, 3);
  await sendAlert(CLIENT);
  await sendAlert('client-02');
  expect(await since({ event: 0, alert: 0 })).toEqual(['event 1', 'event 3', 'event 4', 'alert 1', 'alert 2']);
  expect(await since({ event: 1, alert: 1 }, CLIENT)).toEqual(['event 4']);
  await vi.waitFor(() => expect(feed.place()).toEqual({ event: 4, alert: 2 }));
  expect(await since(feed.place())).toEqual([]);
});

it('says that the stream lacks what came after a place', async () => {
  const jsm = await nats.jetstreamManager();
  await jsm.streams.purge('EVENTS', { seq: 4 });
  expect(await since({ event: 1, alert: 0 })).toBeNull();
  expect(await since({ event: 3, alert: 2 })).toEqual(['event 4']);
  expect(await since({ event: 9, alert: 2 })).toBeNull();
});
