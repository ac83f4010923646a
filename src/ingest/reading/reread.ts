import type { Lane } from '../routing/lane.ts';
import type { EventLogPort, LogMessage } from '../ports.ts';
import { untilHandedOut } from './handed-out.ts';
import type { StreamPosition } from './stream-position.ts';

export interface Reread {
  log: Pick<EventLogPort, 'read'>;
  lane: Pick<Lane, 'room'>;
  clientId: string;
  from: { timeMs: number } | { sequence: number };
  /** The last message, which the lane has processed. */
  until: StreamPosition;
  /** The lane is released. */
  stopping: AbortSignal;
}

/** Reads a client's events again, in order and no faster than Temporal accepts them. Throws the signal's reason. */
export async function* reread({ log, lane, clientId, from, until, stopping }: Reread): AsyncGenerator<LogMessage> {
  const reading = await log.read({ ...from, clientId });
  const batches = reading[Symbol.asyncIterator]();
  const over = new AbortController();
  let count = 0;
  const end = quiet(untilHandedOut(reading, () => count, AbortSignal.any([stopping, over.signal])));
  try {
    for (;;) {
      const next = await Promise.race([quiet(batches.next()), end]);
      if (next === undefined || next.done === true) return;
      const messages = next.value;
      for (const message of messages) {
        if (message.sequence > until.sequence) return;
        if (message.isRepetition === true) continue;
        for (let wait = lane.room(clientId, stopping); wait !== undefined; wait = lane.room(clientId, stopping))
          await wait;
        stopping.throwIfAborted();
        yield message;
      }
      count += messages.length;
      const newest = messages.at(-1);
      if (newest === undefined || newest.sequence >= until.sequence || newest.left === 0) return;
    }
  } finally {
    over.abort();
    await reading.stop();
  }
}

/** The promise that loses a race may reject later, when nobody handles it. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
