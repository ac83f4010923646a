import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createApi } from '../../../src/api/api.ts';
import type { LiveMessage } from '../../../src/api/ports/live.ts';
import { liveMessage } from '../../../src/api/schemas/live.ts';
import { alertOf, fakeVigil, type FakeVigil } from '../fakes/fake-ports.ts';

const event = (clientId: string, sequence: number): LiveMessage => ({
  kind: 'event',
  clientId,
  type: 'status',
  sequence,
  time: '2026-01-01T00:00:00Z',
  data: { state: 'running' },
});
const alert = (clientId: string, sequence = 1): LiveMessage => ({
  kind: 'alert',
  sequence,
  alert: alertOf({ clientId, ruleId: 'r' }),
});

let vigil: FakeVigil;
beforeEach(() => {
  // The only timer of a live stream. Open connections of other tests have timers, too.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  vigil = fakeVigil();
});
afterEach(() => vi.useRealTimers());

/** The data of a message. */
const DATA = /^data: (.*)$/m;

interface Reader {
  /** The next block from the server. */
  next(): Promise<string>;
  nextMessage(): Promise<LiveMessage>;
  ended(): Promise<boolean>;
  cancel(): Promise<void>;
}

async function open(path = '/api/live', lastId?: string): Promise<Reader> {
  const headers = lastId === undefined ? {} : { 'last-event-id': lastId };
  const answer = await createApi(vigil.deps).request(path, { headers });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error('no body');
  const next = async (): Promise<string> => (await reader.read()).value ?? '';
  return {
    next,
    nextMessage: async () => JSON.parse(DATA.exec(await next())?.[1] ?? '') as LiveMessage,
    ended: async () => (await reader.read()).done,
    cancel: () => reader.cancel(),
  };
}

describe('GET /api/live', () => {
  test('sends the reconnect delay, then every new event and alert', async () => {
    const live = await open();
    expect(await live.next()).toBe('retry: 1000\n\n');
    vigil.send(event('client-01', 1));
    vigil.send(alert('client-02'));
    expect(await live.nextMessage()).toEqual(event('client-01', 1));
    expect(await live.nextMessage()).toMatchObject({ kind: 'alert', alert: { data: { clientId: 'client-02' } } });
    await live.cancel();
  });

  test('sends what the OpenAPI document describes', () => {
    for (const message of [event('client-01', 1), alert('client-02')])
      expect(liveMessage.parse(message)).toEqual(message);
  });

  test('can be limited to one client', async () => {
    const live = await open('/api/live?client=client-02');
    await live.next();
    vigil.send(event('client-01', 1));
    vigil.send(alert('client-01', 1));
    vigil.send(alert('client-02', 2));
    vigil.send(event('client-02', 2));
    expect(await live.nextMessage()).toMatchObject({ kind: 'alert', alert: { data: { clientId: 'client-02' } } });
    expect(await live.nextMessage()).toEqual(event('client-02', 2));
    await live.cancel();
  });

  test.each([
    ['alerts', '?kind=alert', ['alert 1', 'alert 2']],
    ['events', '?kind=event', ['event 1', 'event 2']],
    ['the alerts of a rule', '?rule=r', ['alert 1', 'alert 2']],
    ['the alerts of a rule of a client', '?rule=r&client=client-02', ['alert 2']],
  ])('can be limited to %s', async (_what, query, expected) => {
    const live = await open(`/api/live${query}`);
    await live.next();
    for (const sequence of [1, 2]) {
      vigil.send(event(`client-0${sequence}`, sequence));
      vigil.send(alert(`client-0${sequence}`, sequence));
    }
    const found: string[] = [];
    while (found.length < expected.length) {
      const { kind, sequence } = await live.nextMessage();
      found.push(`${kind} ${sequence}`);
    }
    expect(found).toEqual(expected);
    await live.cancel();
  });

  describe('with Last-Event-ID', () => {
    test('goes on after the last message, without a gap and without a repetition', async () => {
      const first = await open();
      await first.next();
      vigil.send(event('client-01', 1));
      vigil.send(alert('client-01', 1));
      await first.next();
      const id = /^id: (.*)$/m.exec(await first.next())?.[1];
      await first.cancel();
      for (const sequence of [2, 3]) vigil.send(event('client-01', sequence));
      vigil.send(alert('client-01', 2));

      const live = await open('/api/live', id);
      await live.next();
      const missed = [await live.nextMessage(), await live.nextMessage(), await live.nextMessage()];
      expect(missed.map(({ kind, sequence }) => `${kind} ${sequence}`)).toEqual(['event 2', 'event 3', 'alert 2']);
      await vi.waitFor(() => expect(vigil.listeners()).toBe(1));
      vigil.send(event('client-01', 4));
      expect(await live.nextMessage()).toMatchObject({ kind: 'event', sequence: 4 });
      await live.cancel();
      expect(vigil.listeners()).toBe(0);
    });

    test('may miss more than a reader can hold', async () => {
      for (let sequence = 1; sequence <= 3_000; sequence++) vigil.send(event('client-01', sequence));
      const live = await open('/api/live', '0-0');
      await live.next();
      for (let sequence = 1; sequence <= 3_000; sequence++) expect((await live.nextMessage()).sequence).toBe(sequence);
      await live.cancel();
    });

    test('gets what comes while it catches up', async () => {
      vigil.send(event('client-01', 1));
      const live = await open('/api/live', '0-0');
      vigil.send(event('client-01', 2));
      await live.next();
      expect([(await live.nextMessage()).sequence, (await live.nextMessage()).sequence]).toEqual([1, 2]);
      await live.cancel();
    });

    test('is told of a gap, and goes on with what is new', async () => {
      vigil.send(event('client-01', 7));
      vigil.forgotten.event = 5;
      const live = await open('/api/live', '3-0');
      await live.next();
      expect(await live.next()).toBe('id: 7-0\nevent: gap\ndata: {}\n\n');
      await vi.waitFor(() => expect(vigil.listeners()).toBe(1));
      vigil.send(event('client-01', 8));
      expect(await live.nextMessage()).toMatchObject({ sequence: 8 });
      await live.cancel();
    });

    test('ends if the streams cannot be read, so that the reader comes back', async () => {
      vigil.deps.live.since = () => Promise.reject(new Error('NATS is away'));
      const live = await open('/api/live', '0-0');
      await live.next();
      expect(await live.ended()).toBe(true);
      expect([vigil.listeners(), vi.getTimerCount()]).toEqual([0, 0]);
    });

    test('is refused if it is none', async () => {
      const answer = await createApi(vigil.deps).request('/api/live', { headers: { 'last-event-id': 'x' } });
      expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'REQUEST_INVALID' }]);
    });
  });

  test('sends heartbeats while idle', async () => {
    const live = await open();
    await live.next();
    vi.advanceTimersByTime(15_000);
    expect(await live.next()).toBe(': still here\n\n');
    await live.cancel();
  });

  test('unsubscribes when the reader disconnects', async () => {
    const live = await open();
    expect(vigil.listeners()).toBe(1);
    await live.cancel();
    expect(vigil.listeners()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('disconnects and unsubscribes a slow reader', async () => {
    const live = await open();
    for (let sequence = 1; sequence <= 2_000; sequence++) vigil.send(event('client-01', sequence));
    expect(vigil.listeners()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    await live.next();
    let received = 0;
    while (!(await live.ended())) received += 1;
    expect(received).toBeGreaterThan(900);
    expect(received).toBeLessThan(1_100);
  });

  test('answers HEAD without subscribing', async () => {
    const answer = await createApi(vigil.deps).request('/api/live', { method: 'HEAD' });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(vigil.listeners()).toBe(0);
  });
});
