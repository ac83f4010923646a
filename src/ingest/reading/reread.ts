import type { Lane } from '../routing/lane.ts';
import type { EventLogPort, LogMessage } from '../ports.ts';
import type { StreamPosition } from './stream-position.ts';
import { untilHandedOut } from './handed-out.ts';
import { Waiters } from '../waiters.ts';

export interface Reread {
  log: Pick<EventLogPort, 'read'>;
  lane: Pick<Lane, 'room'>;
  clientId: string;
  from: { timeMs: number } | { sequence: number };
  /** The last message, which the lane has passed. */
  until: StreamPosition;
  /** The lane is given up. */
  stopping: AbortSignal;
  /** Nobody wants the rest. */
  isOver?: () => boolean;
}

/**
 * Reads a client's events again, in order and no faster than they are taken. `route` calls `open` for each delivery, and what that
 * returned once Temporal has taken it. Resolves when all are taken; rejects when the lane is given up.
 */
export async function reread(
  { log, lane, clientId, from, until, stopping, isOver }: Reread,
  route: (message: LogMessage, open: () => () => void) => void,
): Promise<void> {
  let underWay = 0;
  const taken = new Waiters();
  const open = (): (() => void) => {
    underWay += 1;
    return () => {
      underWay -= 1;
      if (underWay === 0) taken.wake();
    };
  };
  const reading = await log.read({ ...from, clientId });
  let count = 0;
  const readOn = async (): Promise<void> => {
    for await (const messages of reading) {
      for (const message of messages) {
        if (message.sequence > until.sequence) break;
        for (let wait = lane.room(clientId, stopping); wait !== undefined; wait = lane.room(clientId, stopping))
          await wait;
        stopping.throwIfAborted();
        route(message, open);
      }
      count += messages.length;
      const newest = messages.at(-1);
      if (newest === undefined || newest.sequence >= until.sequence || newest.left === 0 || isOver?.() === true) break;
    }
  };
  const over = new AbortController();
  try {
    await Promise.race([readOn(), untilHandedOut(reading, () => count, AbortSignal.any([stopping, over.signal]))]);
    if (underWay > 0) await taken.wait(stopping);
  } finally {
    over.abort();
    await reading.stop();
  }
}
