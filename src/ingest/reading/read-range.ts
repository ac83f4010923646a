import type { EventLogPort, LogMessage } from '../ports.ts';
import { untilHandedOut } from './handed-out.ts';

export interface Range {
  log: Pick<EventLogPort, 'read'>;
  /** Default: all clients. */
  clientId?: string;
  from: { timeMs: number } | { sequence: number };
  /** The last message; the stream need not have it any more. */
  until: { sequence: number };
  /** The lane is released. */
  stopping: AbortSignal;
}

/** Reads a part of the stream, in order. Throws the signal's reason. */
export async function* readRange({ log, clientId, from, until, stopping }: Range): AsyncGenerator<LogMessage> {
  const reading = await log.read({ ...from, ...(clientId !== undefined && { clientId }) });
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
