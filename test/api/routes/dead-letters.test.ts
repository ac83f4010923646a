import type { Hono } from 'hono';
import { beforeEach, describe, expect, test } from 'vitest';
import { createApi } from '../../../src/api/api.ts';
import { VigilError } from '../../../src/core/primitives/errors.ts';
import { deadLetter } from '../fakes/fake-dead-letters.ts';
import { fakeVigil, type FakeVigil } from '../fakes/fake-ports.ts';

const GOOD = '{"machineId":"m1"}';
const BAD = '{"machineId":';

let vigil: FakeVigil;
let api: Hono;
beforeEach(() => {
  vigil = fakeVigil();
  api = createApi(vigil.deps, { logger: { error: () => undefined } });
});

const put = (...messages: ReturnType<typeof deadLetter>[]): void =>
  messages.forEach((message) => vigil.deadLetters.stored.set(message.sequence, message));
const left = (): number[] => [...vigil.deadLetters.stored.keys()];
const ask = async (path: string, init: RequestInit = {}) => {
  const answer = await api.request(`/api/dead-letters${path}`, init);
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>) };
};
const replay = (sequence: number, body?: unknown) =>
  ask(`/${sequence}/replay`, {
    method: 'POST',
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const code = ({ body }: { body: Record<string, unknown> | undefined }): unknown => body?.['code'];
const sequences = ({ body }: { body: Record<string, unknown> | undefined }): unknown =>
  (body?.['deadLetters'] as { sequence: number }[]).map(({ sequence }) => sequence);

describe('the list', () => {
  test('is newest first, without the bytes', async () => {
    put(deadLetter(1, { bytes: BAD }), deadLetter(2, { bytes: BAD }));
    const { status, body } = await ask('');
    expect(status).toBe(200);
    expect(body).toEqual({
      deadLetters: [
        expect.objectContaining({
          sequence: 2,
          reason: 'json',
          subject: 'events.client-01.status',
          bytes: BAD.length,
          preview: BAD,
        }),
        expect.objectContaining({ sequence: 1 }),
      ],
      next: null,
    });
    expect(JSON.stringify(body)).not.toContain('payload"');
  });

  test('is paged', async () => {
    put(...[1, 2, 3, 5, 8].map((sequence) => deadLetter(sequence, { bytes: BAD })));
    const first = await ask('?limit=2');
    expect(sequences(first)).toEqual([8, 5]);
    const last = await ask(`?limit=3&cursor=${String(first.body?.['next'])}`);
    expect([sequences(last), last.body?.['next']]).toEqual([[3, 2, 1], null]);
  });

  test('can start before a sequence', async () => {
    put(...[1, 2, 3].map((sequence) => deadLetter(sequence, { bytes: BAD })));
    expect(sequences(await ask('?before=3'))).toEqual([2, 1]);
  });

  test('can be filtered by client, unknown client, or reason', async () => {
    put(
      deadLetter(1, { bytes: BAD }),
      deadLetter(2, { bytes: BAD, clientId: 'client-02' }),
      deadLetter(3, { bytes: BAD, clientId: '_unknown', reason: 'client-id' }),
    );
    expect(sequences(await ask('?clientId=client-02'))).toEqual([2]);
    expect(sequences(await ask('?clientId=_unknown'))).toEqual([3]);
    expect(sequences(await ask('?reason=json'))).toEqual([2, 1]);
  });

  test.each([
    '?clientId=*',
    '?clientId=client-01.>',
    '?limit=0',
    '?limit=101',
    '?limit=ten',
    '?before=0',
    '?before=-1',
    '?before=1.5',
    '?cursor=5',
  ])('rejects %s', async (query) => {
    const answer = await ask(query);
    expect([answer.status, code(answer)]).toEqual([400, 'REQUEST_INVALID']);
  });
});

describe('one of them', () => {
  test('has its bytes as text', async () => {
    put(deadLetter(7, { bytes: '{"city":"Köln' }));
    expect((await ask('/7')).body).toMatchObject({
      sequence: 7,
      eventSequence: 507,
      isWhole: true,
      encoding: 'utf-8',
      payload: '{"city":"Köln',
    });
  });

  test('is in base64 if it is not UTF-8', async () => {
    put(deadLetter(7, { bytes: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]) }));
    expect((await ask('/7')).body).toMatchObject({ encoding: 'base64', payload: 'e//+fQ==' });
  });

  test('keeps a byte order mark, which can be the error', async () => {
    put(deadLetter(7, { bytes: `\uFEFF${GOOD}` }));
    expect((await ask('/7')).body).toMatchObject({ encoding: 'utf-8', payload: `\uFEFF${GOOD}` });
  });

  test('can be dropped with 204', async () => {
    put(deadLetter(7, { bytes: BAD }));
    expect((await ask('/7', { method: 'DELETE' })).status).toBe(204);
    expect(left()).toEqual([]);
  });

  test.each([
    ['GET', '/7'],
    ['DELETE', '/7'],
    ['POST', '/7/replay'],
  ])('that does not exist is a 404: %s %s', async (method, path) => {
    const answer = await ask(path, { method });
    expect([answer.status, code(answer)]).toEqual([404, 'DEAD_LETTER_NOT_FOUND']);
  });

  test.each(['/0', '/-1', '/seven', '/1e3'])('cannot have the sequence %s', async (path) => {
    const answer = await ask(path);
    expect([answer.status, code(answer)]).toEqual([400, 'REQUEST_INVALID']);
  });

  test('needs a sequence: all cannot be dropped at once', async () => {
    put(deadLetter(7, { bytes: BAD }));
    for (const path of ['', '?clientId=client-01']) expect((await ask(path, { method: 'DELETE' })).status).toBe(405);
    expect(left()).toEqual([7]);
  });
});

describe('a replay', () => {
  test('publishes the original event to its subject and drops the dead letter', async () => {
    put(deadLetter(7, { bytes: `  ${GOOD}`, reason: 'future' }));
    expect(await replay(7)).toEqual({ status: 202, body: { sequence: 1_007 } });
    expect(vigil.deadLetters.replayed).toEqual([{ subject: 'events.client-01.status', payload: `  ${GOOD}` }]);
    expect(left()).toEqual([]);
  });

  test('publishes another payload to another subject', async () => {
    put(deadLetter(7, { bytes: BAD, subject: 'events.Not_A_Client.status' }));
    expect((await replay(7, { subject: 'events.client-02.status', payload: { machineId: 'm2' } })).status).toBe(202);
    expect(vigil.deadLetters.replayed).toEqual([{ subject: 'events.client-02.status', payload: '{"machineId":"m2"}' }]);
  });

  test.each([
    ['not JSON', { bytes: BAD }, 'json'],
    ['not UTF-8', { bytes: new Uint8Array([0xff]) }, 'json'],
    ["another client's", { bytes: '{"clientId":"client-99"}' }, 'wrong-client'],
    ['of no valid client', { bytes: GOOD, subject: 'events.Not_A_Client.status' }, 'client-id'],
    ['nested too deeply', { bytes: `${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}` }, 'unusable'],
  ])(
    'of an event that would become a dead letter again is rejected with the reason and keeps the dead letter: %s',
    async (_, payload, reason) => {
      put(deadLetter(7, payload));
      const answer = await replay(7);
      expect(answer).toMatchObject({ status: 400, body: { code: 'EVENT_INVALID', fields: { reason } } });
      expect([vigil.deadLetters.replayed, left()]).toEqual([[], [7]]);
    },
  );

  test.each([
    'alerts.client-01.x',
    '$JS.API.STREAM.PURGE.EVENTS',
    'events.client-01',
    'events.client-01.a b',
    'events.client-01.*',
    'events.client-01..a',
    'events.>',
  ])('publishes to event subjects only, not to %s', async (subject) => {
    put(deadLetter(7, { bytes: GOOD }));
    expect(await replay(7, { subject })).toMatchObject({
      status: 400,
      body: { code: 'EVENT_INVALID', fields: { reason: 'type' } },
    });
    expect(left()).toEqual([7]);
  });

  test.each(['{', '[]', '"x"', '{"subject":7}', '{"payload":[]}', '{"payload":"x"}', '{"payloads":{}}'])(
    'rejects the body %s',
    async (body) => {
      put(deadLetter(7, { bytes: GOOD }));
      const answer = await replay(7, body);
      expect([answer.status, code(answer), left()]).toEqual([400, 'REQUEST_INVALID', [7]]);
    },
  );

  test('of a truncated event without original needs a payload', async () => {
    put(deadLetter(7, { bytes: 'xxx', isWhole: false }));
    const answer = await replay(7);
    expect([answer.status, code(answer), left()]).toEqual([409, 'DEAD_LETTER_CUT', [7]]);
    expect((await replay(7, { payload: { machineId: 'm1' } })).status).toBe(202);
  });

  test('of a dead letter without a subject header needs a subject', async () => {
    put(deadLetter(7, { bytes: GOOD, subject: null }));
    const answer = await replay(7);
    expect([answer.status, code(answer), left()]).toEqual([400, 'REQUEST_INVALID', [7]]);
    expect((await replay(7, { subject: 'events.client-01.status' })).status).toBe(202);
  });

  test('while NATS is unreachable is a 503', async () => {
    put(deadLetter(7, { bytes: GOOD }));
    vigil.deps.deadLetters.replay = () => Promise.reject(new VigilError('NATS_UNREACHABLE', 'Try again.'));
    const answer = await replay(7);
    expect([answer.status, code(answer)]).toEqual([503, 'NATS_UNREACHABLE']);
  });
});
