import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_ID_WINDOW_MS } from '../../src/core/model/event/event-id.ts';
import type { LogMessage } from '../../src/ingest/ports.ts';
import { Repetitions } from '../../src/nats/events/repetitions.ts';

const encoder = new TextEncoder();
type Stored = { clientId?: string; payload: object | string; atMs?: number } & Pick<
  LogMessage,
  'cloudEvent' | 'isFirstCount'
>;

const streamOf = (events: readonly Stored[]): LogMessage[] =>
  events.map(({ clientId = 'client-01', payload, atMs = 1_000_000, ...others }, index) => ({
    ...{ subject: `events.${clientId}.status`, sequence: index + 1, storedAtMs: atMs, left: events.length - index - 1 },
    bytes: encoder.encode(typeof payload === 'string' ? payload : JSON.stringify(payload)),
    ...others,
  }));

/** The sequences of the repetitions in a reading from a sequence on, in batches of this size. */
async function marked(stream: readonly LogMessage[], from = 1, atOnce = 100): Promise<number[]> {
  const asked: string[] = [];
  const repetitions = new Repetitions('meta.id', async function* (clientId, fromMs) {
    asked.push(clientId);
    const subject = `events.${clientId}.`;
    yield stream.filter((message) => message.subject.startsWith(subject) && message.storedAtMs >= fromMs);
  });
  const read = stream.slice(from - 1).map((message) => ({ ...message }));
  for (let next = 0; next < read.length; next += atOnce) await repetitions.mark(read.slice(next, next + atOnce));
  expect(new Set(asked).size).toBe(asked.length);
  return read.filter(({ isRepetition }) => isRepetition).map(({ sequence }) => sequence);
}

const own = (id: unknown, others: Partial<Stored> = {}): Stored => ({ payload: { meta: { id } }, ...others });
const envelope = (id: string, source = '/x') => ({
  payload: { specversion: '1.0', id, source, type: 'status', data: {} },
});
const binary = (id: string): Stored => ({
  payload: {},
  cloudEvent: { attributes: { specversion: '1.0', id, source: '/x', type: 'status' } },
});

describe('a repetition is', () => {
  it.each<[what: string, events: Stored[], repetitions: number[]]>([
    ['nothing without an id', [{ payload: { n: 1 } }, { payload: { n: 1 } }], []],
    ['an event with the same property', [own('a'), own('b'), own('a')], [3]],
    ['an event whose property has a dot in its name', [own('a'), { payload: { 'meta.id': 'a' } }], [2]],
    ['a CloudEvent with the same id and source', [envelope('a'), envelope('a'), envelope('a', '/y')], [2]],
    ['the same in either mode', [envelope('a'), binary('a'), binary('b')], [2]],
    ['not an event of another client', [own('a'), own('a', { clientId: 'client-02' })], []],
    ['not a replay of what was over the quota', [own('a'), own('a', { isFirstCount: true }), own('a')], [3]],
    ['not the valid one after an invalid one', [{ payload: { meta: { id: 'a' }, time: 'x' } }, own('a')], []],
    ['not one that is no JSON', [own('a'), { payload: '{"meta":{"id":"a"}' }], []],
    ['not an event after the window', [own('a', { atMs: 0 }), own('a', { atMs: EVENT_ID_WINDOW_MS })], []],
  ])('%s', async (_, events, repetitions) => expect(await marked(streamOf(events))).toEqual(repetitions));
});

it('every reading marks the same, wherever it begins', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ client: fc.nat(2), id: fc.option(fc.nat(4)), afterMs: fc.nat(EVENT_ID_WINDOW_MS) }), {
        maxLength: 30,
      }),
      fc.nat(29),
      fc.integer({ min: 1, max: 5 }),
      async (events, skipped, atOnce) => {
        let atMs = 1_000_000;
        const stream = streamOf(
          events.map(({ client, id, afterMs }) => {
            atMs += Math.floor(afterMs / 3);
            const common = { clientId: `client-${client}`, atMs };
            return id === null ? { ...common, payload: {} } : own(id, common);
          }),
        );
        const isRepetition = ({ subject, bytes, sequence, storedAtMs }: LogMessage): boolean =>
          events[sequence - 1]?.id !== null &&
          stream.some(
            (before) =>
              before.sequence < sequence &&
              before.subject === subject &&
              Buffer.compare(before.bytes, bytes) === 0 &&
              storedAtMs - before.storedAtMs < EVENT_ID_WINDOW_MS,
          );
        const expected = stream.filter(isRepetition).map(({ sequence }) => sequence);
        expect(await marked(stream, skipped + 1, atOnce)).toEqual(expected.filter((sequence) => sequence > skipped));
      },
    ),
  ));

it('rejects if the earlier events cannot be read', async () => {
  const repetitions = new Repetitions(undefined, async function* () {
    throw new Error('the connection was lost');
  });
  await expect(repetitions.mark(streamOf([envelope('a')]))).rejects.toThrow('the connection was lost');
});
