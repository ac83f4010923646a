import { CloudEvent, HTTP } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { createApi, type ApiOptions } from '../../../src/api/api.ts';
import { VigilError } from '../../../src/core/primitives/errors.ts';
import { fakeVigil, type FakeVigil } from '../fakes/fake-ports.ts';

const PATH = '/api/clients/client-01/events';
const NDJSON = 'application/x-ndjson';
const JSON_TYPE = 'application/json';
const GOOD = { machineId: 'm1' };
const BAD = { machineId: 'm1', time: 'yesterday' };

interface Answer {
  status: number;
  body: Record<string, unknown>;
}
interface Given {
  path?: string;
  type?: string;
  headers?: Record<string, string>;
}

function start(options?: ApiOptions): { vigil: FakeVigil; send: (body: unknown, given?: Given) => Promise<Answer> } {
  const vigil = fakeVigil();
  const api = createApi(vigil.deps, options);
  return {
    vigil,
    async send(body, { path = `${PATH}/status`, type = JSON_TYPE, headers = {} } = {}) {
      const answer = await api.request(path, {
        method: 'POST',
        headers: { 'content-type': type, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
  };
}

const lines = (...events: unknown[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');
const statuses = ({ body }: Answer): unknown => (body['events'] as { status: string }[]).map(({ status }) => status);
const types = ({ published }: FakeVigil): unknown =>
  published.map((message) => message.kind === 'event' && message.type);

const cloudEvent = (changes: object = {}) =>
  new CloudEvent({ id: '7', source: '/line-1', type: 'temperature', data: GOOD, ...changes });

describe('a list of events', () => {
  it.each<[what: string, body: string, type: string]>([
    ['an array', JSON.stringify([GOOD, GOOD]), JSON_TYPE],
    ['an array without a content type of JSON', ` ${JSON.stringify([GOOD, GOOD])}`, 'text/plain'],
    ['lines', lines(GOOD, GOOD), NDJSON],
    ['lines with empty ones between them', `\r\n${JSON.stringify(GOOD)}\r\n\n${JSON.stringify(GOOD)}`, NDJSON],
    ['a batch of CloudEvents', JSON.stringify([cloudEvent(), cloudEvent({ id: '8' })]), batch()],
  ])('may be %s', async (_, body, type) => {
    const { vigil, send } = start();
    const answer = await send(body, { type });
    expect(answer).toEqual({
      status: 202,
      body: {
        ...{ accepted: 2, duplicates: 0, refused: 0 },
        events: [
          { status: 'accepted', sequence: 1 },
          { status: 'accepted', sequence: 2 },
        ],
      },
    });
    expect(types(vigil)).toEqual(['status', 'status']);
  });

  it.each<[what: string, body: string, type: string]>([
    ['an array', '[]', JSON_TYPE],
    ['lines', '\n', NDJSON],
    ['a batch', '[]', batch()],
  ])('may be empty: %s', async (_, body, type) =>
    expect(await start().send(body, { type })).toEqual({
      status: 202,
      body: { accepted: 0, duplicates: 0, refused: 0, events: [] },
    }),
  );

  it.each<[what: string, body: string, type: string, code: string, reason: string | undefined]>([
    ['an array', JSON.stringify([GOOD, BAD, GOOD]), JSON_TYPE, 'EVENT_INVALID', 'time'],
    ['an array with no object', JSON.stringify([GOOD, 5, GOOD]), JSON_TYPE, 'EVENT_INVALID', 'json'],
    ['lines', lines(GOOD, BAD, GOOD), NDJSON, 'EVENT_INVALID', 'time'],
    ['lines with no JSON', `{}\n{"machineId":\n{}`, NDJSON, 'EVENT_INVALID', 'json'],
    ['lines with a long one', `{}\n{"x":"${'x'.repeat(300_000)}"}\n{}`, NDJSON, 'BODY_TOO_LARGE', undefined],
    ['a batch', JSON.stringify([cloudEvent(), GOOD, cloudEvent({ id: '8' })]), batch(), 'EVENT_INVALID', 'cloudevents'],
  ])('answers each event, and takes the others: %s', async (_, body, type, code, reason) => {
    const { vigil, send } = start();
    const answer = await send(body, { type });
    expect(answer.status).toBe(207);
    expect(answer.body).toMatchObject({
      ...{ accepted: 2, duplicates: 0, refused: 1 },
      events: [{ status: 'accepted' }, { status: 'refused', problem: { code } }, { status: 'accepted' }],
    });
    expect((answer.body['events'] as [object, object])[1]).toMatchObject({
      problem: { fields: reason === undefined ? {} : { reason } },
    });
    expect(vigil.published).toHaveLength(2);
  });

  it('has up to 1,000 events', async () => {
    const events = Array.from({ length: 1_000 }, (_, n) => ({ n }));
    expect(await start().send(events)).toMatchObject({ status: 202, body: { accepted: 1_000 } });
    const { vigil, send } = start();
    expect(await send([...events, {}])).toMatchObject({
      status: 413,
      body: { code: 'BODY_TOO_LARGE', fields: { events: 1_001, maxEvents: 1_000 } },
    });
    expect(vigil.published).toEqual([]);
  });

  it('has up to 1 MB', async () => {
    const most = lines(...Array.from({ length: 4 }, () => ({ text: 'x'.repeat(250_000) })));
    expect(await start().send(most, { type: NDJSON })).toMatchObject({ status: 202, body: { accepted: 4 } });
    expect(await start().send(most + ' '.repeat(60_000), { type: NDJSON })).toMatchObject({
      status: 413,
      body: { code: 'BODY_TOO_LARGE', fields: { maxBytes: 1_048_576 } },
    });
  });

  it('keeps the order of its events', async () => {
    const { vigil, send } = start();
    await send(Array.from({ length: 250 }, (_, n) => ({ n })));
    expect(vigil.published.map((message) => message.kind === 'event' && message.data['n'])).toEqual(
      Array.from({ length: 250 }, (_, n) => n),
    );
  });

  it.each<[what: string, body: string, given: Given]>([
    ['an array that is no JSON', '[{}', {}],
    ['a batch that is no array', '{}', { type: batch() }],
    ['a structured event that is an array', '[]', { type: 'application/cloudevents+json' }],
  ])('is refused as a whole: %s', async (_, body, given) =>
    expect(await start().send(body, given)).toMatchObject({ status: 400, body: { code: 'EVENT_INVALID' } }),
  );

  it('says which of its events NATS has not stored, and sends no further ones', async () => {
    const { vigil, send } = start();
    const { publish } = vigil.deps.events;
    const asked: unknown[] = [];
    vigil.deps.events.publish = (clientId, type, data, sent) => {
      asked.push(data['n']);
      if (data['n'] === 50) return Promise.reject(new VigilError('NATS_UNREACHABLE', 'Start it.'));
      return publish(clientId, type, data, sent);
    };
    const answer = await send(Array.from({ length: 250 }, (_, n) => ({ n })));
    expect(answer).toMatchObject({ status: 207, body: { accepted: 99, refused: 151 } });
    expect((answer.body['events'] as object[])[249]).toMatchObject({ problem: { code: 'NATS_UNREACHABLE' } });
    expect(asked).toHaveLength(100);
  });

  it('is refused as a whole if NATS stores none', async () => {
    const { vigil, send } = start();
    vigil.deps.events.publish = () => Promise.reject(new VigilError('NATS_UNREACHABLE', 'Start it.'));
    expect(await send([GOOD, GOOD])).toMatchObject({ status: 503, body: { code: 'NATS_UNREACHABLE' } });
  });
});

describe('events that say their type', () => {
  it.each<[what: string, body: unknown, given: Given]>([
    ['in a property', { type: 'temperature' }, {}],
    ['in a structured CloudEvent', cloudEvent(), { type: 'application/cloudevents+json' }],
    ['in a CloudEvent in binary mode', GOOD, { headers: HTTP.binary(cloudEvent()).headers as Record<string, string> }],
    ['in a list', [{ type: 'temperature' }], {}],
  ])('%s', async (_, body, given) => {
    const { vigil, send } = start();
    expect(await send(body, { ...given, path: PATH })).toMatchObject({ status: 202 });
    expect(types(vigil)).toEqual(['temperature']);
  });

  it.each([{}, { type: 5 }, { type: 'a..b' }, { type: '>' }])('or are refused: %j', async (event) =>
    expect(await start().send(event, { path: PATH })).toMatchObject({
      status: 400,
      body: { code: 'EVENT_INVALID', fields: { reason: 'type' } },
    }),
  );
});

describe('the content type', () => {
  it.each(['', 'text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-8', 'text/json'])(
    'of an event may be %j',
    async (type) => expect(await start().send(GOOD, { type })).toMatchObject({ status: 202 }),
  );

  it.each(['application/xml', 'application/cloudevents+xml', 'multipart/form-data', 'application/octet-stream'])(
    'may not be %s',
    async (type) =>
      expect(await start().send(GOOD, { type })).toMatchObject({
        status: 415,
        body: { code: 'MEDIA_TYPE_NOT_SUPPORTED', fields: { mediaType: type } },
      }),
  );
});

describe('an event that is sent again counts once', () => {
  const key = { headers: { 'idempotency-key': 'k' } };
  const binary = { headers: HTTP.binary(cloudEvent()).headers as Record<string, string> };
  it.each<[what: string, body: unknown, given: Given]>([
    ['by its id and source, in binary mode', GOOD, binary],
    ['by its id and source, in structured mode', cloudEvent(), {}],
    ['by the header Idempotency-Key', GOOD, key],
    ['by the property of VIGIL_EVENT_ID', { messageId: 7 }, {}],
  ])('%s', async (_, body, given) => {
    const { vigil, send } = start({ eventId: 'messageId' });
    const answers = [await send(body, given), await send(body, given)];
    expect(answers.map((answer) => answer.body)).toEqual([
      { sequence: 1, duplicate: false },
      { sequence: 1, duplicate: true },
    ]);
    expect(vigil.published).toHaveLength(1);
  });

  it('also within a list', async () => {
    const answer = await start({ eventId: 'id' }).send([{ id: 1 }, { id: 2 }, { id: 1 }]);
    expect(statuses(answer)).toEqual(['accepted', 'accepted', 'duplicate']);
    expect(answer).toMatchObject({ status: 202, body: { accepted: 2, duplicates: 1 } });
  });

  it('and each event of a list once, if the list has an Idempotency-Key', async () => {
    const { send } = start();
    expect(statuses(await send([GOOD, GOOD], key))).toEqual(['accepted', 'accepted']);
    expect(statuses(await send([GOOD, GOOD, GOOD], key))).toEqual(['duplicate', 'duplicate', 'accepted']);
  });

  it('unless it has no id', async () => {
    const { send } = start();
    expect([await send(GOOD), await send(GOOD)].map(({ body }) => body['duplicate'])).toEqual([false, false]);
  });

  it.each([
    ['an id of another source', cloudEvent({ source: '/line-2' }), `${PATH}/status`],
    ['an id of another client', cloudEvent(), '/api/clients/client-02/events/status'],
  ])('unless it has %s', async (_, event, path) => {
    const { send } = start();
    await send(cloudEvent());
    expect(await send(event, { path })).toMatchObject({ body: { duplicate: false } });
  });

  it.each(['', 'x'.repeat(256)])('by an Idempotency-Key of 1 to 255 characters, not by %j', async (idempotencyKey) =>
    expect(await start().send(GOOD, { headers: { 'idempotency-key': idempotencyKey } })).toMatchObject({
      status: 400,
      body: { code: 'REQUEST_INVALID', fields: { idempotencyKey: idempotencyKey.slice(0, 200) } },
    }),
  );
});

function batch(): string {
  return 'application/cloudevents-batch+json';
}
