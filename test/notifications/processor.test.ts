import { connect, type JetStreamManager, type NatsConnection } from 'nats';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ALERTS_STREAM, alertSubject, ensureStreams } from '../../src/nats/connection/topology.ts';
import { parsePolicy } from '../../src/notifications/policy.ts';
import { startAlertsProcessor, type AlertsProcessor } from '../../src/notifications/processor.ts';
import type { AlertData } from '../../src/core/model/alert/alert.ts';
import { startTestServers, type TestServers } from '../support/servers/servers.ts';
import { startReceiver, type Answer, type Receiver } from './receiver.ts';
import { sampleAlert } from './sample-alert.ts';

/** Timeout for checks without a time requirement. */
const PATIENT = { timeout: 20_000 };

let servers: TestServers;
let connection: NatsConnection;
let manager: JetStreamManager;
let lines: { level: string; text: string }[];
const running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  servers = await startTestServers();
}, 600_000);
afterAll(() => servers.stop());

beforeEach(async () => {
  connection = await connect({ servers: servers.natsUrl, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  manager = await connection.jetstreamManager();
  await ensureStreams(manager);
  lines = [];
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
  await manager.streams.delete(ALERTS_STREAM);
  await connection.close();
});

const log = (level: string) => (_fields: unknown, text: string) => void lines.push({ level, text });

async function start(
  policy: string,
  limited: Pick<Parameters<typeof startAlertsProcessor>[0], 'quotas' | 'now'> = {},
): Promise<AlertsProcessor> {
  const logger = { info: log('info'), warn: log('warn'), error: log('error') };
  const processor = await startAlertsProcessor({
    ...{ connection, policy: parsePolicy(policy, 'policy.yaml'), log: logger },
    ...limited,
  });
  running.push(processor);
  return processor;
}

async function webhook(answer?: Answer): Promise<Receiver> {
  const receiver = await startReceiver(answer);
  running.push(receiver);
  return receiver;
}

async function publish(id: string, data: Partial<AlertData> = {}, from = connection): Promise<void> {
  const alert = sampleAlert(id, data);
  await from
    .jetstream()
    .publish(alertSubject(alert.data.clientId, alert.data.ruleId), JSON.stringify(alert), { msgID: id });
}

const delivered = (receiver: Receiver, ids: string[]): Promise<void> =>
  vi.waitFor(() => expect(receiver.taken()).toEqual(ids), { timeout: 20_000, interval: 20 });

const policyFor = (...receivers: Receiver[]): string =>
  JSON.stringify({
    receivers: Object.fromEntries(
      receivers.map(({ url }, index) => [`hook-${index}`, { webhook: { url, timeout: '2s' } }]),
    ),
    routes: [{ notify: receivers.map((_, index) => `hook-${index}`) }],
  });

describe('the alerts processor', () => {
  it('delivers each alert to each receiver once', async () => {
    const [one, two] = [await webhook(), await webhook()];
    await start(policyFor(one, two));
    for (const id of ['a', 'b', 'a', 'c']) await publish(id);
    await delivered(one, ['a', 'b', 'c']);
    await delivered(two, ['a', 'b', 'c']);
  });

  it('holds back what is over the quota of a client, and tells each receiver once how many that were', async () => {
    const [one, two] = [await webhook(), await webhook()];
    let nowMs = 0;
    const heldBack: string[] = [];
    const quotas = {
      alertsPerMinute: (clientId: string) => (clientId === 'noisy' ? 2 : null),
      heldBack: (clientId: string) => void heldBack.push(clientId),
    };
    await start(policyFor(one, two), { quotas, now: () => nowMs });
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      await publish(`noisy-${id}`, { clientId: 'noisy' });
      await publish(`calm-${id}`, { clientId: 'calm' });
    }
    await vi.waitFor(() => expect(heldBack).toEqual(Array.from({ length: 6 }, () => 'noisy')), PATIENT);
    nowMs = 60_000;
    const notices = (receiver: Receiver): string[] =>
      receiver.requests.filter(({ alert }) => alert.data.ruleId === 'quota').map(({ alert }) => alert.data.message);
    for (const receiver of [one, two])
      await vi.waitFor(
        () => expect(notices(receiver)).toEqual([expect.stringMatching(/^3 notifications of noisy /)]),
        PATIENT,
      );
    await publish('noisy-f', { clientId: 'noisy' });
    for (const receiver of [one, two]) {
      await vi.waitFor(() => expect(receiver.taken()).toContain('noisy-f'), PATIENT);
      const others = receiver.taken().filter((id) => !id.startsWith('noisy/quota'));
      expect(others).toEqual([...['noisy-a', 'calm-a', 'noisy-b', 'calm-b', 'calm-c', 'calm-d', 'calm-e', 'noisy-f']]);
    }
    const { state } = await manager.streams.info(ALERTS_STREAM);
    expect(state.messages).toBe(11);
  });

  it('sends a notice again to a receiver that could not be reached, and the rest when it stops', async () => {
    let [nowMs, isUp] = [0, false];
    const receiver = await webhook(({ data }) => (data.ruleId === 'quota' && !isUp ? 503 : 204));
    const quotas = { alertsPerMinute: () => 1, heldBack: () => undefined };
    const processor = await start(policyFor(receiver), { quotas, now: () => nowMs });
    const sendTwo = async (one: string, other: string, round: number): Promise<void> => {
      for (const id of [one, other]) await publish(id);
      const held = (): number => lines.filter(({ text }) => text.includes('holding back')).length;
      await vi.waitFor(() => expect(held()).toBe(round), PATIENT);
    };
    const notices = (): [status: number, heldBack: string | undefined][] =>
      receiver.requests
        .filter(({ alert }) => alert.data.ruleId === 'quota')
        .map(({ alert, status }) => [status, alert.data.labels['heldBack']]);
    await sendTwo('a', 'b', 1);
    nowMs = 60_000;
    await vi.waitFor(() => expect(notices()).toContainEqual([503, '1']), PATIENT);
    isUp = true;
    await vi.waitFor(() => expect(notices().at(-1)).toEqual([204, '1']), PATIENT);
    const before = notices().length;
    await sendTwo('c', 'd', 2);
    await processor.stop();
    expect(notices().slice(before)).toEqual([[204, '1']]);
  });

  it('notifies nobody of a snoozed alert, except of the snooze, and reminds nobody of an acknowledged one', async () => {
    const receiver = await webhook();
    await start(policyFor(receiver));
    const acknowledged = { by: 'ana', at: '2026-01-01T00:00:00.000Z' };
    const snoozed = { ...acknowledged, until: '2026-01-01T08:00:00.000Z' };
    await publish('firing', { status: 'firing' });
    await publish('acknowledged', { status: 'acknowledged', acknowledged });
    await publish('reminder-of-an-acknowledged-alert', { status: 'reminder', acknowledged });
    await publish('snoozed', { status: 'snoozed', acknowledged, snoozed });
    await publish('resolved-while-snoozed', { status: 'resolved', acknowledged, snoozed });
    await publish('firing-while-snoozed', { status: 'firing', snoozed });
    await publish('unsnoozed', { status: 'unsnoozed' });
    await publish('reminder', { status: 'reminder' });
    await delivered(receiver, ['firing', 'acknowledged', 'snoozed', 'unsnoozed', 'reminder']);
  });

  it('starts with new alerts and continues after a restart, without duplicates', async () => {
    const receiver = await webhook();
    await publish('before');
    const first = await start(policyFor(receiver));
    await publish('a');
    await delivered(receiver, ['a']);
    await first.stop();
    await publish('b');
    await publish('c');
    const second = await start(policyFor(receiver));
    await delivered(receiver, ['a', 'b', 'c']);
    await second.stop();
    await start(policyFor(receiver));
    await publish('d');
    await delivered(receiver, ['a', 'b', 'c', 'd']);
  });

  it('finishes the current delivery when it stops', async () => {
    let release = (): void => undefined;
    const receiver = await webhook((_alert, response) => {
      release = () => response.writeHead(200).end();
      return undefined;
    });
    const processor = await start(policyFor(receiver));
    await publish('a');
    await vi.waitFor(() => expect(receiver.requests).toHaveLength(1), PATIENT);
    const stopped = processor.stop();
    release();
    await stopped;
    expect(processor.status()).toMatchObject({ 'hook-0': { up: false, delivered: 1, waiting: 0 } });

    await start(policyFor(receiver));
    await publish('b');
    await vi.waitFor(() => expect(receiver.requests.map(({ alert }) => alert.id)).toEqual(['a', 'b']), {
      timeout: 10_000,
    });
    release();
  });

  it('delivers once to a receiver that fails twice', async () => {
    let failures = 2;
    const receiver = await webhook(() => (failures-- > 0 ? 503 : 200));
    const processor = await start(policyFor(receiver));
    await publish('a');
    await delivered(receiver, ['a']);
    expect(receiver.requests.map(({ status }) => status)).toEqual([503, 503, 200]);
    await vi.waitFor(
      () =>
        expect(processor.status()).toMatchObject({
          'hook-0': { delivered: 1, givenUp: 0, waiting: 0, lastFailure: 'answered 503' },
        }),
      PATIENT,
    );
  });

  it('logs and skips an alert that the receiver rejects', async () => {
    const receiver = await webhook(({ id }) => (id === 'bad' ? 422 : 200));
    const processor = await start(policyFor(receiver));
    await publish('bad');
    await publish('good');
    await delivered(receiver, ['good']);
    expect(receiver.requests).toHaveLength(2);
    expect(processor.status()).toMatchObject({ 'hook-0': { givenUp: 1 } });
    expect(lines).toContainEqual({ level: 'error', text: 'alerts: delivery to hook-0 failed permanently' });
  });

  it('keeps the alerts of a rule in order across retries, without blocking other rules', async () => {
    let failures = 1;
    const receiver = await webhook(({ id }) => (id === 'firing' && failures-- > 0 ? 500 : 200));
    await start(policyFor(receiver));
    await publish('firing');
    await publish('resolved', { status: 'resolved' });
    await publish('other', { ruleId: 'other' });
    await vi.waitFor(() => expect(receiver.taken()).toHaveLength(3), { timeout: 20_000 });
    expect(receiver.taken()).toEqual(['other', 'firing', 'resolved']);
  });

  it('is not blocked by a receiver that is down', async () => {
    const [down, up] = [await webhook(() => 503), await webhook()];
    const processor = await start(policyFor(down, up));
    await publish('a');
    await publish('b');
    await delivered(up, ['a', 'b']);
    expect(processor.status()).toMatchObject({ 'hook-0': { delivered: 0 }, 'hook-1': { delivered: 2 } });
  });

  it('skips invalid messages', async () => {
    const receiver = await webhook();
    await start(policyFor(receiver));
    await connection.jetstream().publish('alerts.client-01.x', 'not json');
    await connection.jetstream().publish('alerts.client-01.x', '{"id":"y","data":{}}');
    await publish('a');
    await delivered(receiver, ['a']);
    expect(receiver.requests).toHaveLength(1);
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(2);
  });

  it('continues after its consumer is deleted', async () => {
    const receiver = await webhook();
    await start(policyFor(receiver));
    await publish('a');
    await delivered(receiver, ['a']);
    await manager.consumers.delete(ALERTS_STREAM, 'notify-hook-0');
    await publish('b');
    await delivered(receiver, ['a', 'b']);
  });

  it('starts with the first alert of a recreated stream', async () => {
    const receiver = await webhook();
    await start(policyFor(receiver));
    for (const id of ['a', 'b', 'c']) await publish(id);
    await delivered(receiver, ['a', 'b', 'c']);
    await manager.streams.delete(ALERTS_STREAM);
    await ensureStreams(manager);
    await publish('d');
    await delivered(receiver, ['a', 'b', 'c', 'd']);
  });

  it('survives a crash and restart of NATS', async () => {
    const receiver = await webhook();
    await start(policyFor(receiver));
    await publish('a');
    await delivered(receiver, ['a']);
    await servers.nats.kill();
    await servers.nats.restart();
    const other = await connect({ servers: servers.natsUrl });
    await publish('b', {}, other);
    await delivered(receiver, ['a', 'b']);
    await other.close();
  });
});

describe('a NATS receiver', () => {
  const pages = (subject: string): string =>
    JSON.stringify({ receivers: { pages: { nats: { subject } } }, routes: [{ notify: 'pages' }] });

  it('publishes the alert to its subject with an id', async () => {
    const messages = connection.subscribe('pages.>', { max: 1 });
    await start(pages('pages.{{clientId}}.{{severity}}'));
    await publish('a');
    for await (const message of messages) {
      expect(message.subject).toBe('pages.client-01.critical');
      expect(message.json()).toMatchObject({ id: 'a' });
      expect(message.headers?.get('Nats-Msg-Id')).toBe('a>pages');
    }
  });

  it('stores the alert if a stream has the subject', async () => {
    await manager.streams.add({ name: 'PAGES', subjects: ['pages.>'] });
    await start(pages('pages.{{clientId}}'));
    await publish('a');
    await vi.waitFor(async () => expect((await manager.streams.info('PAGES')).state.messages).toBe(1), {
      timeout: 10_000,
    });
    await connection.jetstream().publish('pages.client-01', 'again', { msgID: 'a>pages' });
    expect((await manager.streams.info('PAGES')).state.messages).toBe(1);
    await manager.streams.delete('PAGES');
  });
});
