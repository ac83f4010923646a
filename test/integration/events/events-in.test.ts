import { CloudEvent, HTTP } from 'cloudevents';
import { headers } from 'nats';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const SOON = { timeout: 10_000, interval: 20 };

let vigil: TestVigil;
let user: NatsUser;
beforeAll(async () => {
  [vigil, user] = await Promise.all([
    startVigil({ servers, env: { VIGIL_EVENT_ID: 'messageId' } }),
    connectUser(servers.natsUrl),
  ]);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
  expect(vigil.failures).toEqual([]);
});

let round = 0;
let clientId = '';
beforeEach(() => {
  round += 1;
  clientId = `events-in-${round}`;
});

const cloudEvent = (n: number, id = String(n), time = new Date().toISOString()) =>
  new CloudEvent({ id, source: '/line-1', type: 'report', time, data: { n } });

type Message = ReturnType<typeof HTTP.binary>;

async function post(message: { headers: object; body: unknown }, path = '/report'): Promise<unknown> {
  const answer = await fetch(`${vigil.app.url}/api/clients/${clientId}/events${path}`, {
    method: 'POST',
    headers: message.headers as Record<string, string>,
    body: String(message.body),
  });
  return { status: answer.status, ...((await answer.json()) as object) };
}

/** Publishes a message of the SDK as a NATS message. */
async function publish({ headers: given, body }: Message): Promise<void> {
  const head = headers();
  for (const [name, value] of Object.entries(given)) head.set(name, String(value));
  await user.connection.jetstream().publish(`events.${clientId}.report`, String(body), { headers: head });
}

/** A rule that fires at the second report, and says which it was. */
const second = (backfill?: string) => ({
  ...{ id: 'second', clientId, where: [{ property: 'type', equals: 'report' }] },
  evaluate: { type: 'any', having: { calc: 'count', within: '1h', gte: 2 } },
  message: '{{event.n}}',
  ...(backfill !== undefined && { backfill }),
});

async function secondReport(backfill?: string): Promise<AlertEnvelope[]> {
  const alerts = await user.listen(clientId);
  await vigil.put(parseRule(second(backfill)));
  return alerts;
}

const messages = (alerts: readonly AlertEnvelope[]): string[] => alerts.map(({ data }) => data.message);

describe('CloudEvents of the SDK reach a rule', () => {
  it.each<[how: string, send: (event: CloudEvent<{ n: number }>) => Promise<unknown>]>([
    ['in binary mode by HTTP', (event) => post(HTTP.binary(event))],
    ['in structured mode by HTTP', (event) => post(HTTP.structured(event))],
    ['by HTTP with the type of the event', (event) => post(HTTP.binary(event), '')],
    ['in binary mode by NATS', (event) => publish(HTTP.binary(event))],
    ['in structured mode by NATS', (event) => publish(HTTP.structured(event))],
  ])('%s', async (_, send) => {
    const alerts = await secondReport();
    const time = new Date(Date.now() - 60_000).toISOString();
    await send(cloudEvent(1, 'a', time));
    await send(cloudEvent(2, 'b ü%', time));
    await vi.waitFor(() => expect(messages(alerts)).toEqual(['2']), SOON);
    expect(alerts[0]?.data.startsAt).toBe(time);
  });
});

describe('an event that is sent again by HTTP counts once', () => {
  it.each<[by: string, message: (n: number) => { headers: object; body: unknown }]>([
    ['its id and source, in binary mode', (n) => HTTP.binary(cloudEvent(n))],
    ['its id and source, in structured mode', (n) => HTTP.structured(cloudEvent(n))],
    ['Idempotency-Key', (n) => ({ headers: { 'idempotency-key': String(n) }, body: JSON.stringify({ n }) })],
    ['VIGIL_EVENT_ID', (n) => ({ headers: {}, body: JSON.stringify({ n, messageId: n }) })],
  ])('by %s', async (_, message) => {
    const alerts = await secondReport();
    const first = await post(message(1));
    expect(first).toMatchObject({ status: 202, duplicate: false });
    // The sender has not seen the answer.
    expect(await post(message(1))).toEqual({ ...(first as object), duplicate: true });
    await post(message(2));
    await vi.waitFor(() => expect(messages(alerts)).toEqual(['2']), SOON);
  });

  it('and events of two clients with the same id are two', async () => {
    await post(HTTP.binary(cloudEvent(1)));
    clientId = `${clientId}-other`;
    expect(await post(HTTP.binary(cloudEvent(1)))).toMatchObject({ status: 202, duplicate: false });
  });
});

describe('an event that is sent again by NATS counts once', () => {
  const js = () => user.connection.jetstream();
  const plain = (n: number) => js().publish(`events.${clientId}.report`, JSON.stringify({ n, messageId: `m-${n}` }));
  it.each<[by: string, send: (n: number) => Promise<unknown>]>([
    ['its id and source, in binary mode', (n) => publish(HTTP.binary(cloudEvent(n)))],
    ['its id and source, in structured mode', (n) => publish(HTTP.structured(cloudEvent(n)))],
    ['VIGIL_EVENT_ID', plain],
  ])('by %s', async (_, send) => {
    const alerts = await secondReport();
    await send(1);
    await send(1);
    await send(2);
    await vi.waitFor(() => expect(messages(alerts)).toEqual(['2']), SOON);
  });

  it('also for a rule that begins with earlier events, and in a preview', async () => {
    await plain(1);
    await plain(1);
    await plain(2);
    const alerts = await secondReport('1h');
    await vi.waitFor(() => expect(messages(alerts)).toEqual(['2']), SOON);
    const body = JSON.stringify({ rule: { ...second('1h'), id: 'previewed' }, since: '1h' });
    const answer = await fetch(`${vigil.app.url}/api/clients/${clientId}/rules/preview`, { method: 'POST', body });
    const { preview } = (await answer.json()) as { preview: { alerts: { first: { message: string }[] } } };
    expect(preview.alerts.first.map(({ message }) => message)).toEqual(['2']);
  });

  it('also if another reader has read the first one', async () => {
    const alerts = await secondReport();
    await plain(1);
    await vi.waitFor(async () => expect(await lastRead()).toBe(true), SOON);
    await vigil.stop();
    vigil = await startVigil({ servers, env: { VIGIL_EVENT_ID: 'messageId' } });
    await plain(1);
    await plain(2);
    await vi.waitFor(() => expect(messages(alerts)).toEqual(['2']), SOON);
  });

  it('but one that was invalid counts when it is corrected', async () => {
    const alerts = await secondReport();
    const subject = `events.${clientId}.report`;
    await js().publish(subject, JSON.stringify({ n: 0, messageId: 'x', time: 'yesterday' }));
    await js().publish(subject, JSON.stringify({ n: 1, messageId: 'x' }));
    await plain(2);
    await vi.waitFor(() => expect(messages(alerts)).toEqual(['2']), SOON);
  });

  /** Whether everything of the stream is delivered. */
  async function lastRead(): Promise<boolean> {
    const answer = await fetch(`${vigil.app.url}/metrics`);
    return !/^vigil_lane_lag_messages\{[^}]*\} [1-9]/m.test(await answer.text());
  }
});

it('a list with a bad event in the middle: the others reach the rule', async () => {
  const alerts = await secondReport();
  const body = '{"n":1}\n{"n":\n{"n":2}\n';
  expect(await post({ headers: { 'content-type': 'application/x-ndjson' }, body })).toMatchObject({
    ...{ status: 207, accepted: 2, refused: 1 },
    events: [{ status: 'accepted' }, { problem: { fields: { reason: 'json' } } }, { status: 'accepted' }],
  });
  await vi.waitFor(() => expect(messages(alerts)).toEqual(['2']), SOON);
});

describe('a CloudEvent in the dead letters', () => {
  const letters = async () => user.read('DEADLETTERS', `deadletter.${clientId}`);
  const replay = async (body = '') => {
    await vi.waitFor(async () => expect(await letters()).toHaveLength(1), SOON);
    const [letter] = await letters();
    return fetch(`${vigil.app.url}/api/dead-letters/${letter?.seq ?? 0}/replay`, { method: 'POST', body });
  };

  it('says that a message cannot be a batch', async () => {
    const type = 'application/cloudevents-batch+json';
    await publish({ headers: { 'content-type': type }, body: JSON.stringify([cloudEvent(1)]) });
    await vi.waitFor(async () => expect(await letters()).toHaveLength(1), SOON);
    const [letter] = await letters();
    expect(letter?.headers?.get('Vigil-Reason')).toBe('batch');
    expect(letter?.headers?.get('content-type')).toBe(type);
  });

  it('keeps its attributes, also when it is replayed', async () => {
    await publish(HTTP.binary(cloudEvent(1, 'ü 1', new Date(Date.now() + 301_500).toISOString())));
    await vi.waitFor(async () => expect((await replay()).status).toBe(202), SOON);
    const replayed = (await user.read('EVENTS', `events.${clientId}.report`)).at(-1);
    expect(replayed?.headers?.get('ce-id')).toBe('%C3%BC%201');
    expect(replayed?.headers?.get('ce-source')).toBe('/line-1');
    expect(replayed?.json()).toEqual({ n: 1 });
  });
});
