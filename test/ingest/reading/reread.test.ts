import { expect, it, vi } from 'vitest';
import { NO_READER_QUOTAS, type EventLogPort, type LogMessage } from '../../../src/ingest/ports.ts';
import { reread } from '../../../src/ingest/reading/reread.ts';
import { logOf } from '../memory-log.ts';

const CLIENT = 'acme';
const message = (sequence: number, left = 0): LogMessage => ({
  ...{ sequence, storedAtMs: sequence, subject: `events.${CLIENT}.reading`, bytes: new Uint8Array(), left },
});

const stop = vi.fn(() => Promise.resolve());

/** A stream whose last messages are removed after they were counted. */
const logWithout = (removed: number, handedOut: readonly LogMessage[]): Pick<EventLogPort, 'read'> => ({
  read: () =>
    Promise.resolve({
      async *[Symbol.asyncIterator]() {
        yield handedOut.map((each) => ({ ...each, left: each.left + removed }));
        await new Promise(() => undefined);
      },
      position: () => Promise.resolve({ pending: 0, count: handedOut.length, handedOut: handedOut.length, atMs: 0 }),
      stop,
    }),
});

async function sequencesOf(log: Pick<EventLogPort, 'read'>, from: number, until: number): Promise<number[]> {
  const sequences: number[] = [];
  const lane = { room: () => undefined, quotas: NO_READER_QUOTAS };
  const stopping = new AbortController().signal;
  const range = { from: { sequence: from }, until: { sequence: until, storedAtMs: until } };
  for await (const { sequence } of reread({ log, lane, clientId: CLIENT, ...range, stopping }))
    sequences.push(sequence);
  return sequences;
}

it('reads from one sequence to another, both inclusive', async () => {
  expect(await sequencesOf(logOf([1, 2, 3, 4, 5].map((sequence) => message(sequence))), 2, 4)).toEqual([2, 3, 4]);
});

it('leaves out repetitions', async () => {
  const stream = [1, 2, 3].map((sequence) => ({ ...message(sequence), isRepetition: sequence === 2 }));
  expect(await sequencesOf(logOf(stream), 1, 3)).toEqual([1, 3]);
});

it('ends if the client has no more events', async () => {
  expect(await sequencesOf(logOf([1, 2].map((sequence) => message(sequence))), 1, 9)).toEqual([1, 2]);
  expect(await sequencesOf(logOf([]), 1, 9)).toEqual([]);
});

it('ends if the remaining messages were removed from the stream', async () => {
  expect(await sequencesOf(logWithout(2, [message(1, 1), message(2)]), 1, 9)).toEqual([1, 2]);
  expect(stop).toHaveBeenCalledOnce();
});
