import { readFileSync } from 'node:fs';
import { AckPolicy, headers, type NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { messageCheck } from '../../support/documents/asyncapi.ts';
import { connectUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startTenantNats, type TenantNats, type TenantUser } from '../../support/nats/tenant-nats.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

/* vigil and its tenants on the configuration of NATS in docker/nats. */

const { temporalAddress } = await fileServers();
const TENANTS = ['client-01', 'client-02', 'client-03'] as const;
const SOON = { timeout: 20_000 };
let nats: TenantNats;
let vigil: TestVigil;
/** Knows all of vigil's account. */
let owner: NatsConnection;
beforeAll(async () => {
  nats = await startTenantNats();
  vigil = await startVigil({ servers: { temporalAddress, natsUrl: nats.url } });
  owner = await nats.connectAs('vigil');
  for (const clientId of TENANTS) {
    await vigil.put(hot(clientId));
    // docs/operations.md says how.
    await (
      await owner.jetstreamManager()
    ).consumers.add('ALERTS', {
      durable_name: clientId,
      filter_subject: `alerts.${clientId}.>`,
      ack_policy: AckPolicy.Explicit,
    });
  }
});
afterAll(async () => {
  await owner.close();
  await vigil.stop();
  await nats.stop();
});

const hot = (clientId: string) =>
  parseRule({
    id: 'too-hot',
    clientId,
    where: [{ property: 'type', equals: 'temperature' }],
    partitionBy: ['machineId'],
    evaluate: { type: 'each', having: { calc: 'latest', property: 'celsius', gt: 80 } },
  });

/** A connection until the test ends. `refused`: what the server has refused, as `publish events.x`. */
async function loggedIn(user: TenantUser): Promise<{ connection: NatsConnection; refused: string[] }> {
  const connection = await nats.connectAs(user);
  onTestFinished(() => connection.close());
  const refused: string[] = [];
  void (async () => {
    for await (const { permissionContext: context } of connection.status())
      if (context) refused.push(`${context.operation} ${context.subject}`);
  })();
  return { connection, refused };
}

/** What vigil stores by itself at any time. */
const BY_ITSELF = /^(vigil\.alerts|\$KV\.vigil_(lanes|readers))\./;

/** Subjects with messages in all streams and buckets of vigil. */
async function stored(): Promise<Record<string, number>> {
  const jsm = await owner.jetstreamManager();
  const subjects: Record<string, number> = {};
  for await (const { config } of jsm.streams.list())
    Object.assign(subjects, (await jsm.streams.info(config.name, { subjects_filter: '>' })).state.subjects);
  return Object.fromEntries(Object.entries(subjects).filter(([subject]) => !BY_ITSELF.test(subject)));
}

describe.each(TENANTS)('%s', (clientId) => {
  const other = clientId === 'client-01' ? 'client-02' : 'client-01';

  it('sends an event, and reads its alert as it comes and from the stream', async () => {
    const sender = await loggedIn(`${clientId}-sender`);
    const reader = await loggedIn(`${clientId}-reader`);
    const live: string[] = [];
    reader.connection.subscribe(`alerts.${clientId}.>`, { callback: (_error, { subject }) => live.push(subject) });
    await reader.connection.flush();

    const event = JSON.stringify({ machineId: 'm1', celsius: 85 });
    await sender.connection.jetstream().publish(`events.${clientId}.temperature`, event);

    const consumer = await reader.connection.jetstream({ apiPrefix: 'vigil.API' }).consumers.get('ALERTS', clientId);
    const alert = await consumer.next({ expires: SOON.timeout });
    expect(alert?.json<AlertEnvelope>().data).toMatchObject({ clientId, ruleId: 'too-hot', status: 'firing' });
    expect(await alert?.ackAck()).toBe(true);
    await vi.waitFor(() => expect(live).toEqual([`alerts.${clientId}.too-hot`]), SOON);
    expect([...sender.refused, ...reader.refused]).toEqual([]);
  });

  it.each(['sender', 'reader'] as const)('as %s cannot publish anything else', async (role) => {
    const before = await stored();
    const { connection, refused } = await loggedIn(`${clientId}-${role}`);
    const subjects = [...forbiddenToPublish(other), ...(role === 'sender' ? [] : [`events.${clientId}.temperature`])];
    for (const subject of subjects) connection.publish(subject, '{"machineId":"m1","celsius":99}');
    await connection.flush();
    await vi.waitFor(() => expect(refused).toEqual(subjects.map((subject) => `publish ${subject}`)), SOON);
    expect(await stored()).toEqual(before);
    console.log(`separation over NATS: ${subjects.length} publications as ${clientId}-${role}, 0 leaks`);
  });

  it.each(['sender', 'reader'] as const)('as %s cannot read anything else', async (role) => {
    const { connection, refused } = await loggedIn(`${clientId}-${role}`);
    const subjects = [...forbiddenToRead(other), ...(role === 'reader' ? [] : [`alerts.${clientId}.>`])];
    for (const subject of subjects) connection.subscribe(subject, { callback: () => undefined });
    for (const subject of subjects) connection.subscribe(subject, { queue: 'q', callback: () => undefined });
    await connection.flush();
    const all = [...subjects, ...subjects].map((subject) => `subscription ${subject}`);
    await vi.waitFor(() => expect(refused).toEqual(all), SOON);
    console.log(`separation over NATS: ${all.length} subscriptions as ${clientId}-${role}, 0 leaks`);
  });

  it('gets no answers of vigil and of other clients, although all have _INBOX subjects', async () => {
    const { connection } = await loggedIn(`${clientId}-sender`);
    const { connection: another } = await loggedIn(`${other}-sender`);
    const overheard: string[] = [];
    connection.subscribe('_INBOX.>', { callback: (_error, { subject }) => overheard.push(subject) });
    await connection.flush();
    const { seq } = await another.jetstream().publish(`events.${other}.status`, '{}');
    await owner.jetstream().publish(`events.${other}.status`, '{}');
    await connection.jetstream().publish(`events.${clientId}.status`, '{}');
    expect(seq).toBeGreaterThan(0);
    expect(overheard).toEqual([expect.stringMatching('^_INBOX[.]')]);
  });

  it('cannot have the answer to a request sent to another client', async () => {
    const before = await stored();
    const { connection: sender } = await loggedIn(`${clientId}-sender`);
    const { connection: reader } = await loggedIn(`${clientId}-reader`);
    for (const reply of [`events.${other}.status`, `alerts.${other}.x`, `$KV.vigil_tokens.x`, 'vigil.audit.x']) {
      sender.publish(`events.${clientId}.status`, '{}', { reply });
      reader.publish(`vigil.API.CONSUMER.INFO.ALERTS.${clientId}`, '', { reply });
      reader.publish(`vigil.API.CONSUMER.MSG.NEXT.ALERTS.${clientId}`, '', { reply });
    }
    await Promise.all([sender.flush(), reader.flush()]);
    // Whatever an answer causes is stored before this.
    await sender.jetstream().publish(`events.${clientId}.status`, '{}');
    const own = `events.${clientId}.status`;
    expect(await stored()).toEqual({ ...before, [own]: (before[own] ?? 0) + 5 });
  });

  it('cannot empty the stream with a header of its events', async () => {
    const { connection } = await loggedIn(`${clientId}-sender`);
    const rollup = headers();
    rollup.set('Nats-Rollup', 'all');
    const sent = connection.jetstream().publish(`events.${clientId}.status`, '{}', { headers: rollup });
    await expect(sent).rejects.toThrow('rollup not permitted');
  });
});

it('message ids are not apart: docs/operations.md tells senders how to choose them', async () => {
  const [first, second] = [await loggedIn('client-01-sender'), await loggedIn('client-02-sender')];
  await first.connection.jetstream().publish('events.client-01.status', '{}', { msgID: '1' });
  const { duplicate } = await second.connection.jetstream().publish('events.client-02.status', '{}', { msgID: '1' });
  expect(duplicate).toBe(true);
});

it('every message in the streams, and every live one, is as in /api/asyncapi.json', async () => {
  const document: unknown = await (await fetch(`${vigil.app.url}/api/asyncapi.json`)).json();
  const check = messageCheck(document);
  const lives: unknown[] = [];
  vigil.app.live.subscribe((message) => lives.push(message));
  const { connection } = await loggedIn('client-01-sender');
  for (const event of ['{"time":"yesterday"}', '{"machineId":"m2","celsius":85}', '{"machineId":"m2","celsius":60}'])
    await connection.jetstream().publish('events.client-01.temperature', event, { msgID: event });

  const kinds = ['events.client-01.temperature', 'alerts.client-01.too-hot', 'deadletter.client-01'];
  await vi.waitFor(async () => expect(Object.keys(await stored())).toEqual(expect.arrayContaining(kinds)), SOON);
  await vi.waitFor(() => expect(JSON.stringify(lives)).toContain('"resolved"'), SOON);
  const user = await connectUser(nats.url);
  onTestFinished(() => user.close());
  const messages = [
    ...(await user.read('EVENTS', 'events.>')),
    ...(await user.read('ALERTS', 'alerts.>')),
    ...(await user.read('DEADLETTERS', 'deadletter.>')),
  ];
  for (const { subject, data, headers: given } of messages) {
    const payload: unknown = subject.startsWith('deadletter.') ? undefined : JSON.parse(new TextDecoder().decode(data));
    const names = given?.keys() ?? [];
    const found = Object.fromEntries(names.map((name) => [name, given?.get(name)]));
    expect([subject, check(subject, { payload, headers: found })]).toEqual([subject, []]);
  }
  for (const payload of lives) expect([payload, check('/api/live', { payload })]).toEqual([payload, []]);
});

it('vigil needs no other permissions than those of its account', () => {
  expect(vigil.failures).toEqual([]);
  expect(vigil.complaints.filter((complaint) => /permission/i.test(complaint))).toEqual([]);
});

it('a file that imports the events of another client is refused', async () => {
  const wrong = ['clients/client-01.conf', 'subject: "events.client-01.>"', 'subject: "events.client-02.>"'] as const;
  await expect(startTenantNats([wrong])).rejects.toThrow('service import not authorized');
});

it('the files of two clients differ in the id only', () => {
  const file = (clientId: string) => readFileSync(`docker/nats/clients/${clientId}.conf`, 'utf8');
  const renamed = file('client-01').replaceAll('client-01', 'client-02').replaceAll('CLIENT_01', 'CLIENT_02');
  expect(file('client-02')).toBe(renamed);
});

const forbiddenToPublish = (other: string): string[] => [
  ...[`events.${other}.temperature`, 'events.*.temperature', 'events.>', '>', `events.${other}`],
  ...[`alerts.${other}.too-hot`, 'alerts.client-01.too-hot', `deadletter.${other}`, `vigil.audit.${other}`],
  ...['vigil.reader.0.recover', `vigil.alerts.open.${other}.x.y`, `vigil.API.CONSUMER.INFO.ALERTS.${other}`],
  ...[`$KV.vigil_rules.${other}.too-hot`, '$KV.vigil_tokens.x', '$KV.vigil_clients.x', '$KV.vigil_lanes.0'],
  ...['$JS.API.INFO', '$JS.API.STREAM.NAMES', '$JS.API.STREAM.PURGE.EVENTS', '$JS.API.STREAM.DELETE.EVENTS'],
  ...['$JS.API.STREAM.CREATE.MINE', '$JS.API.STREAM.MSG.GET.EVENTS', '$JS.API.DIRECT.GET.KV_vigil_tokens'],
  ...['$JS.API.CONSUMER.CREATE.ALERTS', `$JS.API.CONSUMER.CREATE.ALERTS.mine.alerts.${other}.>`],
  ...[`$JS.API.CONSUMER.MSG.NEXT.ALERTS.${other}`, `vigil.API.CONSUMER.MSG.NEXT.ALERTS.${other}`],
  ...[`$JS.API.CONSUMER.DELETE.ALERTS.${other}`, `$JS.ACK.ALERTS.${other}.1.1.1.1.1`, '$JS.FC.x'],
  ...['$SYS.REQ.SERVER.PING', '$SYS.REQ.ACCOUNT.VIGIL.CONNZ', '$MQTT.msgs.x', '_INBOX.x'],
];

const forbiddenToRead = (other: string): string[] => [
  ...['>', '*.>', '*.*.*', 'events.>', `events.${other}.>`, 'events.*.>', 'alerts.>', 'alerts.*.>', 'alerts.*.too-hot'],
  ...[`alerts.${other}.>`, `alerts.${other}.too-hot`, 'deadletter.>', `deadletter.${other}`, 'vigil.>'],
  ...['$KV.>', '$KV.vigil_rules.>', '$JS.>', '$JS.API.>', '$JS.ACK.>', '$JS.EVENT.>', '$SYS.>', '$MQTT.>', '_R_.>'],
];
