import { expect, it, vi } from 'vitest';
import type { EventLogPort, LogMessage } from '../../../src/ingest/ports.ts';
import { reread } from '../../../src/ingest/reading/reread.ts';

const CLIENT = 'acme';
const message = (sequence: number, left: number): LogMessage => ({
  sequence,
  storedAtMs: sequence,
  subject: `events.${CLIENT}.reading`,
  bytes: new Uint8Array(),
  left,
});

/** A stream whose last messages are removed after they were counted. */
function logWithout(
  removed: number,
  handedOut: readonly LogMessage[],
): Pick<EventLogPort, 'read'> & Record<'stop' | 'position', ReturnType<typeof vi.fn>> {
  const stop = vi.fn(() => Promise.resolve());
  const position = vi.fn(() =>
    Promise.resolve({ pending: 0, count: handedOut.length, handedOut: handedOut.length, atMs: 0 }),
  );
  return {
    stop,
    position,
    read: () =>
      Promise.resolve({
        async *[Symbol.asyncIterator]() {
          yield handedOut.map((each) => ({ ...each, left: each.left + removed }));
          await new Promise(() => undefined);
        },
        position,
        stop,
      }),
  };
}

it('ends where the messages that were still to come have left the stream', async () => {
  const log = logWithout(2, [message(1, 1), message(2, 0)]);
  const routed: number[] = [];
  await reread(
    {
      log,
      lane: { room: () => undefined },
      clientId: CLIENT,
      from: { sequence: 1 },
      until: { sequence: 9, storedAtMs: 9 },
      stopping: new AbortController().signal,
    },
    ({ sequence }, open) => {
      routed.push(sequence);
      open()();
    },
  );
  expect(routed).toEqual([1, 2]);
  expect(log.stop).toHaveBeenCalledOnce();
});

it('waits for Temporal to take what it read, also where the rest has left the stream', async () => {
  const log = logWithout(1, [message(1, 0)]);
  const taken: (() => void)[] = [];
  const done = vi.fn();
  void reread(
    {
      log,
      lane: { room: () => undefined },
      clientId: CLIENT,
      from: { sequence: 1 },
      until: { sequence: 9, storedAtMs: 9 },
      stopping: new AbortController().signal,
    },
    (_message, open) => taken.push(open()),
  ).then(done);
  await vi.waitFor(() => expect(taken).toHaveLength(1));
  await vi.waitFor(() => expect(log.position).toHaveBeenCalled());
  await new Promise(setImmediate);
  expect(done).not.toHaveBeenCalled();
  taken[0]?.();
  await vi.waitFor(() => expect(done).toHaveBeenCalled());
});
