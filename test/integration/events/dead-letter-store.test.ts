import type { JetStreamClient, JetStreamManager, NatsConnection } from 'nats';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectNats } from '../../../src/nats/connection/connection.ts';
import { createDeadLetterStore } from '../../../src/nats/dead-letters/dead-letter-store.ts';
import { createDeadLetters } from '../../../src/nats/dead-letters/dead-letter-publisher.ts';
import { ensureStreams } from '../../../src/nats/connection/topology.ts';
import type { DeadLetter, DeadLetterStorePort } from '../../../src/api/ports/dead-letters.ts';
import { fileServers } from '../../support/servers/servers.ts';

const { natsUrl } = await fileServers();
const MAX_PAYLOAD = 1024 * 1024;
const STORED_AT_MS = Date.UTC(2026, 0, 1);

let nats: NatsConnection;
let js: JetStreamClient;
let jsm: JetStreamManager;
let store: DeadLetterStorePort;
let publishDeadLetter: ReturnType<typeof createDeadLetters>['publish'];
beforeAll(async () => {
  nats = await connectNats(natsUrl, 'dead-letter-store-test');
  js = nats.jetstream();
  jsm = await nats.jetstreamManager();
  await ensureStreams(jsm);
  store = createDeadLetterStore(js, jsm, MAX_PAYLOAD);
  ({ publish: publishDeadLetter } = createDeadLetters(js, MAX_PAYLOAD));
});
afterAll(() => nats.close());

let round = 0;
let clientId = '';
beforeEach(() => {
  round += 1;
  clientId = `store-${round}`;
});

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const subject = (): string => `events.${clientId}.status`;

/** Publishes an event and its dead letter, like the subscriber. Resolves with the sequence of the dead letter. */
async function publishDead(bytes: Uint8Array, reason = 'json', owner = clientId): Promise<number> {
  const { seq } = await js.publish(subject(), bytes);
  await publishDeadLetter(
    { subject: subject(), sequence: seq, storedAtMs: STORED_AT_MS, bytes, left: 0 },
    owner,
    reason,
    'The payload\nis no JSON.',
  );
  return (await jsm.streams.getMessage('DEADLETTERS', { last_by_subj: `deadletter.${owner}` })).seq;
}
const deadLetterAt = async (sequence: number): Promise<DeadLetter> => {
  const deadLetter = await store.get(sequence);
  if (deadLetter === null) throw new Error(`There is no dead letter ${sequence}.`);
  return deadLetter;
};
const sequences = async (
  query: Partial<Parameters<DeadLetterStorePort['list']>[0]>,
): Promise<[number[], number | null]> => {
  const { deadLetters, next } = await store.list({ limit: 100, clientId, ...query });
  return [deadLetters.map(({ sequence }) => sequence), next];
};
const eventsStored = async (): Promise<number> =>
  (await jsm.streams.info('EVENTS', { subjects_filter: subject() })).state.subjects?.[subject()] ?? 0;

describe('the list', () => {
  it('has everything except the bytes', async () => {
    const sequence = await publishDead(bytesOf(`{"city":"Köln",${' '.repeat(100)}`));
    const { deadLetters } = await store.list({ clientId, limit: 10 });
    expect(deadLetters).toEqual([
      {
        sequence,
        clientId,
        reason: 'json',
        detail: 'The payload is no JSON.',
        subject: subject(),
        eventSequence: expect.any(Number) as number,
        eventStoredAt: '2026-01-01T00:00:00.000Z',
        buriedAt: expect.stringMatching(/^20\d\d-.*Z$/) as string,
        bytes: 116,
        preview: `{"city":"Köln",${' '.repeat(64)}`,
      },
    ]);
  });

  it('filters by client and reason, newest first, in pages', async () => {
    const all: number[] = [];
    for (let index = 0; index < 7; index += 1)
      all.unshift(await publishDead(bytesOf(String(index)), index % 3 === 0 ? 'future' : 'json'));
    await publishDead(bytesOf('x'), 'json', `${clientId}-other`);
    expect(await sequences({})).toEqual([all, null]);
    expect(await sequences({ limit: 3 })).toEqual([all.slice(0, 3), all[2]]);
    expect(await sequences({ limit: 4, before: all[2] })).toEqual([all.slice(3), null]);
    expect(await sequences({ reason: 'future' })).toEqual([[all[0], all[3], all[6]], null]);
    expect(await sequences({ reason: 'time' })).toEqual([[], null]);
    expect((await store.list({ limit: 1 })).deadLetters).toMatchObject([{ clientId: `${clientId}-other` }]);
  });

  it('finds one below thousands of others and below gaps', async () => {
    const rare = await publishDead(bytesOf('x'));
    const others = Array.from({ length: 3_000 }, () => js.publish(`deadletter.${clientId}-others`, 'x'));
    const [gap] = await Promise.all(others);
    for (let index = 0; index < 50; index += 1)
      await jsm.streams.deleteMessage('DEADLETTERS', (gap?.seq ?? 0) + index, false);
    expect(await sequences({})).toEqual([[rare], null]);
    expect(await sequences({ clientId: `${clientId}-nobody` })).toEqual([[], null]);
    await jsm.streams.purge('DEADLETTERS', { filter: `deadletter.${clientId}-others` });
  });

  it('leaves no consumer on the server', async () => {
    await publishDead(bytesOf('x'));
    const count = async (): Promise<number> => (await jsm.streams.info('DEADLETTERS')).state.consumer_count;
    const before = await count();
    await sequences({});
    expect(await count()).toBe(before);
  });

  it('includes messages of other programs', async () => {
    const { seq } = await js.publish(`deadletter.${clientId}`, 'x');
    expect((await store.list({ clientId, limit: 1 })).deadLetters).toMatchObject([
      { sequence: seq, reason: null, detail: null, subject: null, eventSequence: null, eventStoredAt: null },
    ]);
    expect(await sequences({ reason: 'json' })).toEqual([[], null]);
  });
});

describe('a dead letter', () => {
  it('has every byte of the event', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const deadLetter = await deadLetterAt(await publishDead(bytes));
    expect(deadLetter).toMatchObject({ isWhole: true, bytes: 256 });
    expect(Buffer.compare(deadLetter.payload, bytes)).toBe(0);
  });

  it('that is truncated is complete while the event stream has the event', async () => {
    const bytes = bytesOf(`"${'x'.repeat(MAX_PAYLOAD - 2)}"`);
    const sequence = await publishDead(bytes);
    const whole = await deadLetterAt(sequence);
    expect(whole).toMatchObject({ isWhole: true, bytes: MAX_PAYLOAD });
    expect(Buffer.compare(whole.payload, bytes)).toBe(0);

    await jsm.streams.deleteMessage('EVENTS', whole.eventSequence ?? 0);
    const rest = await deadLetterAt(sequence);
    expect(rest).toMatchObject({ isWhole: false, bytes: MAX_PAYLOAD });
    expect(rest.payload.length).toBeLessThan(MAX_PAYLOAD);
  });

  it('can be dropped once', async () => {
    const sequence = await publishDead(bytesOf('x'));
    expect([await store.drop(sequence), await store.drop(sequence), await store.get(sequence)]).toEqual([
      true,
      false,
      null,
    ]);
  });

  it('does not exist above the last sequence or in a gap', async () => {
    expect([await store.get(Number.MAX_SAFE_INTEGER), await store.drop(Number.MAX_SAFE_INTEGER)]).toEqual([
      null,
      false,
    ]);
  });
});

describe('a replay', () => {
  const event = (payload: string) => ({ subject: subject(), payload: bytesOf(payload) });

  it('publishes the event, then drops the dead letter', async () => {
    const deadLetter = await deadLetterAt(await publishDead(bytesOf('{"a":1}')));
    const { sequence } = await store.replay(deadLetter, { subject: subject(), payload: deadLetter.payload });
    const stored = await jsm.streams.getMessage('EVENTS', { seq: sequence });
    expect([stored.subject, stored.string()]).toEqual([subject(), '{"a":1}']);
    expect(await store.get(deadLetter.sequence)).toBeNull();
  });

  it.each([
    ['quota', 'quota'],
    ['json', ''],
  ])('of the reason %s has the header of an event that has not counted: "%s"', async (reason, expected) => {
    const deadLetter = await deadLetterAt(await publishDead(bytesOf('{"a":1}'), reason));
    const { sequence } = await store.replay(deadLetter, event('{"a":1}'));
    const stored = await jsm.streams.getMessage('EVENTS', { seq: sequence });
    expect(stored.header.get('Vigil-Replay')).toBe(expected);
  });

  it('that is retried after a failure before the drop is stored once', async () => {
    const deadLetter = await deadLetterAt(await publishDead(bytesOf('{"a":1}')));
    const before = await eventsStored();
    const first = await store.replay(deadLetter, event('{"a":1}'));
    const again = await store.replay(deadLetter, event('{"a":1}'));
    expect(again).toEqual(first);
    expect(await eventsStored()).toBe(before + 1);
  });

  it('with another payload after a failure is a new event', async () => {
    const deadLetter = await deadLetterAt(await publishDead(bytesOf('{"a":1}')));
    const before = await eventsStored();
    await store.replay(deadLetter, event('{"a":1}'));
    await store.replay(deadLetter, event('{"a":2}'));
    expect(await eventsStored()).toBe(before + 2);
  });

  it('stores equal payloads of two dead letters as two events', async () => {
    const letters = [
      await deadLetterAt(await publishDead(bytesOf('{"a":1}'))),
      await deadLetterAt(await publishDead(bytesOf('{"a":1}'))),
    ];
    const before = await eventsStored();
    for (const deadLetter of letters) await store.replay(deadLetter, event('{"a":1}'));
    expect(await eventsStored()).toBe(before + 2);
  });

  it('works at the maximum NATS message size, without room for an id', async () => {
    const deadLetter = await deadLetterAt(await publishDead(bytesOf(`{"a":"${'x'.repeat(MAX_PAYLOAD - 8)}"}`)));
    const { sequence } = await store.replay(deadLetter, { subject: subject(), payload: deadLetter.payload });
    expect((await jsm.streams.getMessage('EVENTS', { seq: sequence })).data).toHaveLength(MAX_PAYLOAD);
    expect(await store.get(deadLetter.sequence)).toBeNull();
  });

  it('that no stream stores keeps the dead letter', async () => {
    const deadLetter = await deadLetterAt(await publishDead(bytesOf('{"a":1}')));
    await expect(
      store.replay(deadLetter, { subject: 'nowhere.at.all', payload: deadLetter.payload }),
    ).rejects.toMatchObject({
      code: 'NATS_UNREACHABLE',
    });
    expect(await store.get(deadLetter.sequence)).not.toBeNull();
  });
});
