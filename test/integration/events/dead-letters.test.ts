import { headers, type JsMsg, type MsgHdrs } from 'nats';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { vigil as runCli } from '../../cli/run-vigil.ts';
import { connectUser, summary, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { tempFiles } from '../../support/temp-files.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const AT_ONCE = { timeout: 2_000, interval: 10 };
const MINUTE_MS = 60_000;
const NATS_MAX_PAYLOAD = 1024 * 1024;

const { write } = tempFiles();

let vigil: TestVigil;
let user: NatsUser;
let looking: AbortController;
beforeAll(async () => {
  [vigil, user] = await Promise.all([startVigil({ servers }), connectUser(servers.natsUrl)]);
  // A live reader is connected; invalid events must not disconnect it.
  looking = new AbortController();
  const live = await fetch(`${vigil.app.url}/api/live`, { signal: looking.signal });
  live.body?.pipeTo(new WritableStream(), { signal: looking.signal }).catch(() => undefined);
});
afterAll(async () => {
  looking.abort();
  await vigil.stop();
  await user.close();
  expect(vigil.failures).toEqual([]);
});

const good = { machineId: 'm1', state: 'stopped' };
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const nested = (open: string, close: string, bytes: number): string =>
  open.repeat(bytes / (open.length + close.length)) + close.repeat(bytes / (open.length + close.length));

const letterHead = (subject: string): MsgHdrs => {
  const head = headers();
  head.set('Vigil-Subject', subject);
  return head;
};

let round = 0;
let clientId = '';
beforeEach(() => {
  round += 1;
  clientId = `letters-${round}`;
});

/** Publishes an invalid event between two valid events of a rule; resolves with the dead letters. */
async function afterPublishing(bad: { subject: string; bytes: Uint8Array }, owner: string): Promise<JsMsg[]> {
  const rule = parseRule({
    id: 'each-stopped',
    clientId,
    where: [{ property: 'machineId', equals: '*' }],
    partitionBy: ['machineId'],
    evaluate: { type: 'each', having: { calc: 'latest', property: 'state', in: ['stopped'] } },
  });
  const alerts = await user.listen(clientId);
  const before = (await user.read('DEADLETTERS', `deadletter.${owner}`)).length;
  await vigil.put(rule);
  await user.send(clientId, good);
  await user.connection.jetstream().publish(bad.subject, bad.bytes);
  await user.send(clientId, { ...good, machineId: 'm2' });
  await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition', 'firing #1 condition']), AT_ONCE);
  const deadLetters = async (): Promise<JsMsg[]> =>
    (await user.read('DEADLETTERS', `deadletter.${owner}`)).slice(before);
  await vi.waitFor(async () => expect(await deadLetters()).toHaveLength(1), AT_ONCE);
  await vigil.remove(clientId, rule.id);
  return deadLetters();
}

describe('an invalid event goes to the dead letters unchanged, and the reader goes on:', () => {
  it.each<[string, () => Uint8Array, string]>([
    ['invalid JSON', () => text('{"machineId":'), 'json'],
    ['an empty payload', () => text(''), 'json'],
    ['invalid UTF-8', () => new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), 'json'],
    ['not an object', () => json([good]), 'not-an-object'],
    ["another client's event", () => json({ ...good, clientId: 'client-99' }), 'wrong-client'],
    ['another type', () => json({ ...good, type: 'report' }), 'wrong-type'],
    ['an invalid time', () => json({ ...good, time: 'yesterday' }), 'time'],
    ['a time 6 minutes ahead', () => json({ ...good, time: Date.now() + 6 * MINUTE_MS }), 'future'],
    [
      'a CloudEvent without an id',
      () => json({ specversion: '1.0', source: '/x', type: 'x', data: good }),
      'cloudevents',
    ],
    ['an array nested 450,000 deep', () => text(nested('[', ']', 900_000)), 'not-an-object'],
    [
      'a value nested 150,000 deep',
      () => text(`{"machineId":"m1","state":${nested('{"a":', '}', 900_000).replace('}', '1}')}}`),
      'unusable',
    ],
  ])('%s', async (_name, bytesOf, reason) => {
    const bytes = bytesOf();
    const [deadLetter] = await afterPublishing({ subject: `events.${clientId}.status`, bytes }, clientId);
    expect(deadLetter?.headers?.get('Vigil-Reason')).toBe(reason);
    expect(deadLetter?.headers?.get('Vigil-Subject')).toBe(`events.${clientId}.status`);
    expect(deadLetter?.headers?.get('Vigil-Detail')).not.toBe('');
    expect(Buffer.compare(deadLetter?.data ?? new Uint8Array(), bytes)).toBe(0);
  });

  it.each([
    ['client id', 'events.Not_A_Client.status', 'client-id'],
    ['type', 'events.nobody', 'type'],
  ])('on a subject without a %s', async (_name, subject, reason) => {
    const owner = subject === 'events.nobody' ? 'nobody' : '_unknown';
    const [deadLetter] = await afterPublishing({ subject, bytes: json(good) }, owner);
    expect(deadLetter?.headers?.get('Vigil-Reason')).toBe(reason);
    expect(deadLetter?.json()).toEqual(good);
  });

  it('at the maximum message size: truncated, with the sequence of the original', async () => {
    const bytes = text('x'.repeat(NATS_MAX_PAYLOAD));
    const [deadLetter] = await afterPublishing({ subject: `events.${clientId}.status`, bytes }, clientId);
    expect(deadLetter?.headers?.get('Vigil-Cut-From')).toBe(String(NATS_MAX_PAYLOAD));
    const sequence = Number(deadLetter?.headers?.get('Vigil-Sequence'));
    const manager = await user.connection.jetstreamManager();
    expect((await manager.streams.getMessage('EVENTS', { seq: sequence })).data).toHaveLength(NATS_MAX_PAYLOAD);
  });
});

describe('vigil deadletters with a running vigil:', () => {
  const cli = (...args: string[]) => runCli(['deadletters', ...args], { VIGIL_URL: vigil.app.url });
  const sequences = async (): Promise<number[]> => {
    const { out } = await cli('list', '--client', clientId, '--json');
    return (JSON.parse(out) as { sequence: number }[]).map(({ sequence }) => sequence);
  };

  it('an event is listed, shown, fixed and replayed; then it is evaluated', async () => {
    const rule = parseRule({
      id: 'any-stopped',
      clientId,
      where: [{ property: 'machineId', equals: '*' }],
      evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
    });
    await vigil.put(rule);
    const alerts = await user.listen(clientId);
    const time = new Date(Date.now() - MINUTE_MS).toISOString();
    const bad = { ...good, time, clientId: 'client-99' };
    await user.send(clientId, bad);
    await vi.waitFor(async () => expect(await sequences()).toHaveLength(1), AT_ONCE);
    const [sequence = 0] = await sequences();

    expect((await cli('list', '--client', clientId)).out).toContain(
      `events.${clientId}.status  wrong-client  {"machineId":"m1","state":"stopped"`,
    );
    expect((await cli('show', String(sequence))).out).toContain(`\n\n${JSON.stringify(bad)}\n`);

    const refused = await cli('replay', String(sequence));
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('EVENT_INVALID: The event is not valid. The payload has clientId "client-99"');
    expect(await sequences()).toEqual([sequence]);

    const fixed = write('fixed.json', JSON.stringify({ ...good, time }));
    expect((await cli('replay', String(sequence), '--payload', fixed)).out).toMatch(
      new RegExp(`^${sequence} replayed as event \\d+\n$`),
    );
    await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), AT_ONCE);
    expect(alerts[0]?.data.startsAt).toBe(time);
    expect(await sequences()).toEqual([]);
    await vigil.remove(clientId, rule.id);
  });

  it('all of a client are replayed, oldest first', async () => {
    for (const state of ['a', 'b', 'c'])
      await user.connection.jetstream().publish(`deadletter.${clientId}`, JSON.stringify({ ...good, state }), {
        headers: letterHead(`events.${clientId}.status`),
      });
    const { code, out } = await cli('replay', '--all', '--client', clientId);
    expect([code, out.split('\n')]).toEqual([
      0,
      [...Array.from({ length: 3 }, () => expect.stringMatching(/^\d+ replayed as event \d+$/) as string), ''],
    ]);
    const events = await user.read('EVENTS', `events.${clientId}.status`);
    expect(events.map((event) => event.json<{ state: string }>().state)).toEqual(['a', 'b', 'c']);
    expect(await sequences()).toEqual([]);
  });

  it('all of a client and a reason are dropped', async () => {
    for (const time of ['yesterday', Date.now() + 6 * MINUTE_MS, 'tomorrow'])
      await user.send(clientId, { ...good, time });
    await vi.waitFor(async () => expect(await sequences()).toHaveLength(3), AT_ONCE);
    const [, future = 0] = await sequences();
    expect((await cli('drop', '--all', '--client', clientId, '--reason', 'time')).code).toBe(0);
    expect(await sequences()).toEqual([future]);
  });
});

it('advances the ack floor past dead letters, so that they are not read again', async () => {
  const rule = parseRule({
    id: 'beats',
    clientId,
    where: [{ property: 'machineId', equals: '*' }],
    evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
    heartbeat: '1s',
  });
  const alerts = await user.listen(clientId);
  await vigil.put(rule);
  await user.connection.jetstream().publish(`events.${clientId}.status`, 'no JSON');
  // A heartbeat is published only after the reader has processed everything stored before.
  await vi.waitFor(() => expect(alerts.length).toBeGreaterThan(1), { timeout: 5_000 });
  await vigil.remove(clientId, rule.id);
});

it('ignores invalid messages on the alert stream', async () => {
  await user.connection.jetstream().publish(`alerts.${clientId}.junk`, 'no JSON');
  await user.connection.jetstream().publish(`alerts.${clientId}.junk`, '{"data":null}');
  const shown: string[] = [];
  const end = vigil.app.live.subscribe((message) => message.kind === 'alert' && shown.push(message.alert.id));
  const answer = await fetch(`${vigil.app.url}/api/clients/${clientId}/test-alert`, { method: 'POST' });
  const { id } = (await answer.json()) as { id: string };
  await vi.waitFor(() => expect(shown).toContain(id), AT_ONCE);
  end();
});
