import type { JetStreamClient, JetStreamManager, NatsConnection } from 'nats';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { createAlertCloser } from '../../../src/nats/alert-records/close-alerts.ts';
import { createAlertRecordReader } from '../../../src/nats/alert-records/alert-record-reader.ts';
import { createAlertRecordStore } from '../../../src/nats/alert-records/alert-record-store.ts';
import { rebuildRecords, startProjector, type Projector } from '../../../src/nats/alert-records/projector.ts';
import { connectNats } from '../../../src/nats/connection/connection.ts';
import { alertSubject, ensureStreams } from '../../../src/nats/connection/topology.ts';
import { readAlert } from '../../../src/notifications/read-alert.ts';
import { alertOf } from '../../api/fakes/fake-ports.ts';
import { fileServers } from '../../support/servers/servers.ts';

const servers = await fileServers();
const CLIENT = 'client-01';
const PATIENT = { timeout: 30_000, interval: 50 };

let nats: NatsConnection;
let js: JetStreamClient;
let jsm: JetStreamManager;
let reader: ReturnType<typeof createAlertRecordReader>;
const projectors: Projector[] = [];

beforeAll(async () => {
  nats = await connectNats(servers.natsUrl, 'alert-records-test');
  js = nats.jetstream();
  jsm = await nats.jetstreamManager();
  await ensureStreams(jsm);
  reader = createAlertRecordReader(js, jsm);
});
afterEach(() => Promise.all(projectors.splice(0).map((projector) => projector.stop())));
afterAll(() => nats.close());

const store = () => createAlertRecordStore(js, jsm);
const start = (): void =>
  void projectors.push(startProjector({ js, jsm, records: store(), readAlert, log: pino({ level: 'silent' }) }));

/** A transition of an episode of a machine. */
function transition(ruleId: string, machine: string, status: 'firing' | 'resolved', episode = 1): AlertEnvelope {
  const alert = alertOf({ clientId: CLIENT, ruleId, status, episode, partition: { machineId: machine } });
  return { ...alert, id: `${CLIENT}/rules/${ruleId}/type=status/machineId=${machine}#abc.1.${episode}:${status}` };
}

const publish = (alert: AlertEnvelope) =>
  js.publish(alertSubject(alert.data.clientId, alert.data.ruleId), JSON.stringify(alert), { msgID: alert.id });

async function list(ruleId: string, onlyOpen: boolean): Promise<string[]> {
  const { alerts } = await reader.list({ clientId: CLIENT, ruleId, onlyOpen, isWanted: () => true, limit: 1_000 });
  return alerts
    .map(({ record }) => `${record.partition['machineId'] as string}.${record.episode} ${record.state}`)
    .sort();
}

it('lists what fires now, and what has fired', async () => {
  await publish(transition('lists', 'm1', 'firing'));
  await publish(transition('lists', 'm2', 'firing'));
  start();
  await publish(transition('lists', 'm1', 'resolved'));
  await publish(transition('lists', 'm1', 'firing', 2));
  await vi.waitFor(async () => {
    expect(await list('lists', true)).toEqual(['m1.2 firing', 'm2.1 firing']);
    expect(await list('lists', false)).toEqual(['m1.1 resolved', 'm1.2 firing', 'm2.1 firing']);
  }, PATIENT);
});

it('pages from the newest change to the oldest', async () => {
  start();
  for (const machine of ['a', 'b', 'c']) await publish(transition('pages', machine, 'firing'));
  await vi.waitFor(async () => expect(await list('pages', true)).toHaveLength(3), PATIENT);
  const query = { clientId: CLIENT, ruleId: 'pages', onlyOpen: true, isWanted: () => true, limit: 2 };
  const first = await reader.list(query);
  const second = await reader.list({ ...query, before: first.next ?? 0 });
  const found = [...first.alerts, ...second.alerts].map(({ record }) => record.partition['machineId']);
  expect([found.sort(), second.next]).toEqual([['a', 'b', 'c'], null]);
  expect(second.alerts).toHaveLength(1);
});

it('gets an alert of its own client only', async () => {
  start();
  await publish(transition('gets', 'm1', 'firing'));
  await vi.waitFor(async () => expect(await list('gets', true)).toHaveLength(1), PATIENT);
  const { alerts } = await reader.list({
    clientId: CLIENT,
    ruleId: 'gets',
    onlyOpen: true,
    isWanted: () => true,
    limit: 1,
  });
  const id = alerts[0]?.id ?? '';
  expect(await reader.get(CLIENT, id)).toMatchObject({ ruleId: 'gets', transitions: [{ status: 'firing' }] });
  expect(await reader.get('client-02', id)).toBeNull();
});

it('is right when two projectors race for the messages of many alerts', async () => {
  start();
  start();
  const machines = Array.from({ length: 40 }, (_, index) => `m${index}`);
  for (let episode = 1; episode <= 5; episode++)
    for (const status of ['firing', 'resolved'] as const)
      await Promise.all(machines.map((machine) => publish(transition('races', machine, status, episode))));
  await publish(transition('races', 'm0', 'firing', 6));
  await vi.waitFor(async () => {
    expect(await list('races', true)).toEqual(['m0.6 firing']);
    expect(await list('races', false)).toHaveLength(5 * machines.length + 1);
    expect(await projectors[0]?.pending()).toBe(0);
  }, PATIENT);
  expect((await list('races', false)).filter((line) => line.endsWith('firing'))).toEqual(['m0.6 firing']);
});

it('skips what is no alert, and an alert that claims to be of another client', async () => {
  start();
  await js.publish(alertSubject(CLIENT, 'skips'), 'no JSON');
  await js.publish(alertSubject(CLIENT, 'skips'), JSON.stringify({ id: 'x', data: {} }));
  await js.publish(alertSubject('client-02', 'skips'), JSON.stringify(transition('skips', 'm1', 'firing')));
  await publish(transition('skips', 'm2', 'firing'));
  await vi.waitFor(async () => expect(await list('skips', false)).toEqual(['m2.1 firing']), PATIENT);
});

it('builds all records again from the stream, as they were', async () => {
  start();
  for (const status of ['firing', 'resolved'] as const) await publish(transition('again', 'm1', status));
  await publish(transition('again', 'm2', 'firing'));
  const expected = ['m1.1 resolved', 'm2.1 firing'];
  await vi.waitFor(async () => expect(await list('again', false)).toEqual(expected), PATIENT);
  await rebuildRecords(jsm, store());
  await vi.waitFor(async () => {
    expect(await projectors[0]?.pending()).toBe(0);
    expect(await list('again', false)).toEqual(expected);
    expect(await list('again', true)).toEqual(['m2.1 firing']);
  }, PATIENT);
});

it('goes on where it stopped', async () => {
  start();
  await publish(transition('goes', 'm1', 'firing'));
  await vi.waitFor(async () => expect(await list('goes', true)).toHaveLength(1), PATIENT);
  await projectors.pop()?.stop();
  await publish(transition('goes', 'm1', 'resolved'));
  start();
  await vi.waitFor(async () => expect(await list('goes', false)).toEqual(['m1.1 resolved']), PATIENT);
});

it('goes on after NATS has restarted', async () => {
  start();
  await publish(transition('restarts', 'm1', 'firing'));
  await vi.waitFor(async () => expect(await list('restarts', true)).toHaveLength(1), PATIENT);
  await servers.nats.kill();
  await servers.nats.restart();
  await vi.waitFor(() => publish(transition('restarts', 'm1', 'resolved')), PATIENT);
  await vi.waitFor(async () => {
    expect(await list('restarts', true)).toEqual([]);
    expect(projectors[0]?.isUp()).toBe(true);
  }, PATIENT);
});

it('closes alerts only while the records cannot lack an end that the stream has forgotten', async () => {
  const inAnHour = createAlertCloser(js, jsm, () => Date.now() + 3_600_000);
  await publish(transition('closes', 'm1', 'firing'));
  await expect(inAnHour([transition('closes', 'm1', 'resolved')])).rejects.toMatchObject({
    code: 'ALERT_RECORDS_BEHIND',
  });
  start();
  await vi.waitFor(() => inAnHour([transition('closes', 'm1', 'resolved')]), PATIENT);
  await vi.waitFor(async () => expect(await list('closes', false)).toEqual(['m1.1 resolved']), PATIENT);
});
