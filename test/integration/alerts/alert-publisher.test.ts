import { nanos, type JetStreamClient, type JetStreamManager, type NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { createAlertPublisher } from '../../../src/nats/alerts/alert-publisher.ts';
import { connectNats } from '../../../src/nats/connection/connection.ts';
import { ALERTS_STREAM, alertSubject, ensureStreams } from '../../../src/nats/connection/topology.ts';
import { alertOf } from '../../api/fakes/fake-ports.ts';
import { fileServers } from '../../support/servers/servers.ts';

const servers = await fileServers();
const CLIENT = 'client-01';
const REMEMBERED_MS = 100;
const HOUR_MS = 3_600_000;
const PATIENT = { timeout: 30_000, interval: 50 };

let nats: NatsConnection;
let js: JetStreamClient;
let jsm: JetStreamManager;
beforeAll(async () => {
  nats = await connectNats(servers.natsUrl, 'alert-publisher-test');
  js = nats.jetstream();
  jsm = await nats.jetstreamManager();
  await ensureStreams(jsm);
  await jsm.streams.update(ALERTS_STREAM, { duplicate_window: nanos(REMEMBERED_MS) });
});
afterAll(() => nats.close());

const alertAt = (ruleId: string, episode: number, agoMs: number): AlertEnvelope =>
  alertOf({ clientId: CLIENT, ruleId, episode, evaluatedAt: new Date(Date.now() - agoMs).toISOString() });

/** Waits until the stream has forgotten the ids of all messages so far. */
async function forgotten(): Promise<void> {
  const publish = () => js.publish(alertSubject(CLIENT, 'probe'), '', { msgID: 'probe' });
  while ((await publish()).duplicate);
  await vi.waitUntil(async () => !(await publish()).duplicate, PATIENT);
}

async function storedOf(ruleId: string): Promise<number> {
  const { state } = await jsm.streams.info(ALERTS_STREAM, { subjects_filter: alertSubject(CLIENT, ruleId) });
  return state.subjects?.[alertSubject(CLIENT, ruleId)] ?? 0;
}

describe('an alert that is published again when the stream has forgotten its id', () => {
  it('is not stored again', async () => {
    const publisher = createAlertPublisher(nats, js, jsm);
    const first = [alertAt('again', 1, HOUR_MS), alertAt('again', 2, HOUR_MS)];
    // As if it had been published when it was due.
    await publisher.publish(first, 0);
    const second = alertAt('again', 3, 0);
    await publisher.publish([second], 0);
    expect(await storedOf('again')).toBe(3);
    await forgotten();
    await vi.waitUntil(() => Date.now() - Date.parse(second.data.evaluatedAt) > 1_000, PATIENT);
    await publisher.publish([second, alertAt('again', 4, 0)], 0);
    expect(await storedOf('again')).toBe(4);
    await publisher.publish([first[1] as AlertEnvelope, alertAt('again', 5, HOUR_MS)], 0);
    expect(await storedOf('again')).toBe(5);
  });

  it('is stored again without that, so this test can fail', async () => {
    const alert = alertAt('plain', 1, 0);
    const publish = () => js.publish(alertSubject(CLIENT, 'plain'), JSON.stringify(alert), { msgID: alert.id });
    await publish();
    await forgotten();
    await publish();
    expect(await storedOf('plain')).toBe(2);
  });
});
