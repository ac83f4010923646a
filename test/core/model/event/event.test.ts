import { describe, expect, it } from 'vitest';
import { VigilError } from '../../../../src/core/primitives/errors.ts';
import { parseTime, toEvent, type StoredMessage } from '../../../../src/core/model/event/event.ts';

const NOW = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const message = (changes: Partial<StoredMessage> = {}): StoredMessage => ({
  subject: 'events.client-01.status',
  payload: { machineId: 'm1' },
  sequence: 7,
  storedAtMs: NOW,
  ...changes,
});
const reasonOf = (changes: Partial<StoredMessage>): unknown => {
  try {
    toEvent(message(changes));
  } catch (error) {
    return error instanceof VigilError && error.code === 'EVENT_INVALID' ? error.fields['reason'] : error;
  }
  return 'taken';
};

describe('a message becomes an event', () => {
  it('with client and type from its subject, and its arrival as event time', () =>
    expect(toEvent(message())).toEqual({
      clientId: 'client-01',
      type: 'status',
      sequence: 7,
      timeMs: NOW,
      storedAtMs: NOW,
      data: { machineId: 'm1', clientId: 'client-01', type: 'status' },
    }));

  it('whose type may contain "*" and ">" beside other characters', () =>
    expect(toEvent(message({ subject: 'events.client-01.a*.>b' })).type).toBe('a*.>b'));

  it('whose type may contain dots', () =>
    expect(toEvent(message({ subject: 'events.client-01.motor.temp' })).type).toBe('motor.temp'));

  it.each([
    ['time', '2025-12-31T23:59:00Z'],
    ['timestamp', '2025-12-31T23:59:00Z'],
    ['time', NOW - MINUTE_MS],
    ['time', '2026-01-01T00:59:00+01:00'],
  ])('with its own %s %s', (property, time) =>
    expect(toEvent(message({ payload: { [property]: time } })).timeMs).toBe(NOW - MINUTE_MS),
  );

  it('from a CloudEvents envelope, whose time counts if the data has none', () => {
    const envelope = { specversion: '1.0', id: '1', source: '/m1', type: 'status', time: '2025-12-31T23:00:00Z' };
    const enveloped = toEvent(message({ payload: { ...envelope, data: { machineId: 'm1' } } }));
    expect(enveloped).toMatchObject({ timeMs: NOW - 60 * MINUTE_MS, data: { machineId: 'm1', clientId: 'client-01' } });
    expect(toEvent(message({ payload: { ...envelope, data: { time: NOW } } })).timeMs).toBe(NOW);
  });

  it('and may repeat its client and type', () =>
    expect(reasonOf({ payload: { clientId: 'client-01', type: 'status' } })).toBe('taken'));

  it('up to five minutes ahead of the stream', () => {
    expect(reasonOf({ payload: { time: NOW + 5 * MINUTE_MS } })).toBe('taken');
    expect(reasonOf({ payload: { time: NOW + 5 * MINUTE_MS + 1 } })).toBe('future');
  });

  const cloud = { specversion: '1.0', id: '1', source: '/m1', type: 'status', data: {} };
  it.each<[unknown, Partial<StoredMessage>]>([
    ['client-id', { subject: 'events.Client.status' }],
    ['client-id', { subject: 'events' }],
    ['client-id', { subject: 'events..status' }],
    ['type', { subject: 'events.client-01' }],
    ['type', { subject: 'events.client-01.' }],
    ['type', { subject: 'events.client-01.*' }],
    ['type', { subject: 'events.client-01.>' }],
    ['type', { subject: 'events.client-01.motor.*.temp' }],
    ['not-an-object', { payload: null }],
    ['not-an-object', { payload: 'text' }],
    ['not-an-object', { payload: 5 }],
    ['not-an-object', { payload: [{}] }],
    ['not-an-object', { payload: undefined }],
    ['wrong-client', { payload: { clientId: 'client-02' } }],
    ['wrong-client', { payload: { clientId: 1 } }],
    ['wrong-type', { payload: { type: 'other' } }],
    ['cloudevents', { payload: { ...cloud, specversion: '0.3' } }],
    ['cloudevents', { payload: { ...cloud, id: '' } }],
    ['cloudevents', { payload: { ...cloud, source: undefined } }],
    ['cloudevents', { payload: { ...cloud, type: 5 } }],
    ['cloudevents', { payload: { ...cloud, data: [] } }],
    ['cloudevents', { payload: { ...cloud, data: undefined } }],
    ['time', { payload: { time: 'yesterday' } }],
    ['time', { payload: { time: true } }],
    ['time', { payload: { time: 1e300 } }],
    ['time', { payload: { time: {} } }],
    ['future', { payload: { time: '2027-01-01T00:00:00Z' } }],
  ])('or is rejected: %s for %j', (reason, changes) => expect(reasonOf(changes)).toBe(reason));

  it('and pollutes no prototype', () => {
    const payload = JSON.parse('{"__proto__": {"polluted": true}, "machineId": "m1"}') as unknown;
    const { data } = toEvent(message({ payload }));
    expect((data as { polluted?: boolean }).polluted).toBeUndefined();
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('parseTime', () => {
  it.each<[unknown, number | undefined]>([
    [0, 0],
    [1.9, 1],
    [-1, -1],
    ['2026-01-01', NOW],
    ['2026-01-01T00:00', NOW],
    ['2026-01-01 00:00:00', NOW],
    ['2026-01-01T00:00:00.5Z', NOW + 500],
    ['2026-01-01t00:00:00z', NOW],
    ['2026-01-01T02:00:00+0200', NOW],
    ['2026-13-01', undefined],
    ['2026-01-01T25:00', undefined],
    ['1767225600000', undefined],
    ['Jan 1 2026', undefined],
    [Number.NaN, undefined],
    [Infinity, undefined],
    [8.64e15 + 1, undefined],
    [null, undefined],
  ])('%j is %s', (value, time) => expect(parseTime(value)).toBe(time));
});
