import { setTimeout as delay } from 'node:timers/promises';
import type { LogReading } from '../ports.ts';

/** How often to see whether what is still to come has left the stream. */
export const LOOK_EVERY_MS = 1_000;

/** Whether the stream holds no message that the reading has not handed out, and whoever reads has had them all: `count` so far. */
export async function isHandedOut(reading: LogReading, count: () => number): Promise<boolean> {
  const position = await reading.position();
  return position.pending === 0 && position.count === count();
}

/**
 * Resolves once that is so. A message tells how many follow it, but the stream's limits, or somebody, may remove those before they
 * come: whoever waits for them would wait until the next event. Rejects with the signal's reason.
 */
export async function untilHandedOut(reading: LogReading, count: () => number, signal: AbortSignal): Promise<void> {
  while (!(await isHandedOut(reading, count))) await delay(LOOK_EVERY_MS, undefined, { signal });
}
