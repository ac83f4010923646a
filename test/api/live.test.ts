import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import type { LiveMessage } from '../../src/api/ports.ts';
import { liveMessage } from '../../src/api/schemas/live.ts';
import { alertOf, fakeVigil, type FakeVigil } from './fake-ports.ts';

const event = (clientId: string, sequence: number): LiveMessage => ({
  kind: 'event',
  clientId,
  type: 'status',
  sequence,
  time: '2026-01-01T00:00:00Z',
  data: { state: 'running' },
});
const alert = (clientId: string): LiveMessage => ({
  kind: 'alert',
  sequence: 1,
  alert: alertOf({ clientId, ruleId: 'r' }),
});

let vigil: FakeVigil;
beforeEach(() => {
  vi.useFakeTimers();
  vigil = fakeVigil();
});
afterEach(() => vi.useRealTimers());

interface Reader {
  /** The next block from the server. */
  next(): Promise<string>;
  nextMessage(): Promise<LiveMessage>;
  ended(): Promise<boolean>;
  cancel(): Promise<void>;
}

async function open(path = '/api/live'): Promise<Reader> {
  const answer = await createApi(vigil.deps).request(path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error('no body');
  const next = async (): Promise<string> => (await reader.read()).value ?? '';
  return {
    next,
    nextMessage: async () => JSON.parse((await next()).replace(/^data: /, '')) as LiveMessage,
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
    vigil.send(alert('client-01'));
    vigil.send(alert('client-02'));
    vigil.send(event('client-02', 2));
    expect(await live.nextMessage()).toMatchObject({ kind: 'alert', alert: { data: { clientId: 'client-02' } } });
    expect(await live.nextMessage()).toEqual(event('client-02', 2));
    await live.cancel();
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
