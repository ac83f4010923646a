import { describe, expect, it } from 'vitest';
import { attributeHeaders, cloudEventHeaders, unwrap } from '../../../../src/core/model/event/cloud-event.ts';
import { toEvent } from '../../../../src/core/model/event/event.ts';
import { VigilError } from '../../../../src/core/primitives/errors.ts';

type Headers = Record<string, string>;
const read = (headers: Headers): unknown => cloudEventHeaders(Object.entries(headers));

const BINARY = { 'ce-specversion': '1.0', 'ce-id': '7', 'ce-source': '/line-1', 'ce-type': 'temperature' };
const ATTRIBUTES = { specversion: '1.0', id: '7', source: '/line-1', type: 'temperature' };

describe('the headers of a message', () => {
  it.each<[what: string, headers: Headers, says: unknown]>([
    ['nothing', {}, undefined],
    ['other things', { 'Nats-Msg-Id': '1', 'content-type': 'application/json', traceparent: 'x' }, undefined],
    ['an attribute that makes no CloudEvent', { 'ce-time': '2026-01-01T00:00:00Z' }, undefined],
    ['a CloudEvent in binary mode', BINARY, { attributes: ATTRIBUTES }],
    ['one without its version', { 'ce-id': '7' }, { attributes: { id: '7' } }],
    ['names in any case', { 'Ce-Id': '7', 'CE-SOURCE': '/x' }, { attributes: { id: '7', source: '/x' } }],
    ['a structured CloudEvent', { 'Content-Type': 'application/cloudevents+json' }, structured()],
    ['one with a charset', { 'content-type': 'Application/CloudEvents+JSON; charset=utf-8' }, structured()],
    ['one whose attributes are repeated', { ...BINARY, 'content-type': 'application/cloudevents+json' }, structured()],
    [
      'a batch',
      { 'content-type': 'application/cloudevents-batch+json' },
      { mediaType: 'application/cloudevents-batch+json' },
    ],
    ['a value that is encoded', { 'ce-id': 'a%20b%C3%BC%25' }, { attributes: { id: 'a bü%' } }],
    ['a value in quotes', { 'ce-id': '"a \\"b\\""' }, { attributes: { id: 'a "b"' } }],
    ['a value with a percent sign', { 'ce-id': '100%' }, { attributes: { id: '100%' } }],
    ['names that are no attributes', { 'ce-id': '1', 'ce-__proto__': 'x', 'ce-': 'y' }, { attributes: { id: '1' } }],
  ])('say %s', (_, headers, says) => expect(read(headers)).toEqual(says));

  it.each(['', 'plain', 'a b', 'ü "quoted" 100%', '😀', '\n'])('bring %j back as it was', (id) =>
    expect(cloudEventHeaders(attributeHeaders({ id }))).toEqual({ attributes: { id } }),
  );
});

function structured() {
  return { mediaType: 'application/cloudevents+json' };
}

describe('an event in binary mode', () => {
  const now = Date.UTC(2026, 0, 1);
  const event = (attributes: Headers, payload: unknown = { machineId: 'm1' }) =>
    toEvent({
      ...{ subject: 'events.client-01.status', sequence: 7, storedAtMs: now, payload },
      cloudEvent: { attributes: { ...ATTRIBUTES, ...attributes } },
    });

  it('is its payload, at the time of its attribute if the payload has none', () => {
    const time = '2025-12-31T23:00:00Z';
    expect(event({ time })).toMatchObject({ timeMs: Date.parse(time), data: { machineId: 'm1', type: 'status' } });
    expect(event({ time }, { time: now }).timeMs).toBe(now);
    expect(event({}).timeMs).toBe(now);
  });

  it('has the id and the source together as its id', () => {
    expect(event({}).id).toBe(event({}, { other: true }).id);
    expect(event({ id: '8' }).id).not.toBe(event({}).id);
    expect(event({ source: '/line-2' }).id).not.toBe(event({}).id);
  });

  it('belongs to the trace of its attribute', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(event({ traceparent }).trace).toBe(traceparent);
  });

  it('may have data that looks like an envelope', () =>
    expect(event({}, { specversion: 'of the motor' }).data).toMatchObject({ specversion: 'of the motor' }));
});

describe('refused is', () => {
  const headers = (given: Headers) => cloudEventHeaders(Object.entries(given));
  const json = { 'content-type': 'application/cloudevents+json' };
  const without = (name: keyof typeof BINARY): Headers => ({ ...BINARY, [name]: '' });
  it.each<[what: string, headers: Headers, payload: unknown, reason: string]>([
    ['another version', { ...BINARY, 'ce-specversion': '0.3' }, {}, 'cloudevents'],
    ['no version', without('ce-specversion'), {}, 'cloudevents'],
    ['no id', without('ce-id'), {}, 'cloudevents'],
    ['no source', without('ce-source'), {}, 'cloudevents'],
    ['no type', without('ce-type'), {}, 'cloudevents'],
    ['data that is no object', BINARY, [], 'not-an-object'],
    ['a structured event without an envelope', json, { machineId: 'm1' }, 'cloudevents'],
    ['another format', { 'content-type': 'application/cloudevents+xml' }, {}, 'cloudevents'],
    ['a batch', { 'content-type': 'application/cloudevents-batch+json' }, [], 'batch'],
  ])('%s', (_, given, payload, reason) => {
    expect.assertions(1);
    try {
      unwrap(payload, headers(given));
    } catch (error) {
      expect(error instanceof VigilError && error.fields).toEqual({ reason });
    }
  });
});
