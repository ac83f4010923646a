import { setTimeout as delay } from 'node:timers/promises';
import type { LogReading } from '../ports.ts';

/** How often to check whether expected messages were removed from the stream. */
export const LOOK_EVERY_MS = 1_000;

/** Whether the reading has delivered all messages of the stream, and the caller has received them: `count` so far. */
export async function isHandedOut(reading: LogReading, count: () => number): Promise<boolean> {
  const position = await reading.position();
  return position.pending === 0 && position.count === count();
}

/**
 * Resolves once `isHandedOut`. The `left` of a message is not enough: messages may be removed from the stream, by its
 * limits or by hand, before they are delivered. Rejects with the signal's reason.
 */
export async function untilHandedOut(reading: LogReading, count: () => number, signal: AbortSignal): Promise<void> {
  while (!(await isHandedOut(reading, count))) await delay(LOOK_EVERY_MS, undefined, { signal });
}
