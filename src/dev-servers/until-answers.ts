import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf } from './processes/command.ts';
import { withHeartbeat } from './processes/heartbeat.ts';

const RETRY_MS = 50;

/** How long to wait for a server, and whom to tell meanwhile. */
export interface Patience {
  withinMs: number;
  signal: AbortSignal;
  progress: (line: string) => void;
}

/** Asks until `probe` succeeds. When the time is over, throws what `unreachable` makes of the last failure. */
export async function untilAnswers(
  what: string,
  probe: () => Promise<void>,
  unreachable: (reason: string) => Error,
  { withinMs, signal, progress }: Patience,
): Promise<void> {
  const startedMs = performance.now();
  let reason = '';

  async function ask(): Promise<void> {
    for (;;) {
      try {
        await probe();
        return;
      } catch (error) {
        reason = reasonOf(error);
      }
      if (performance.now() - startedMs >= withinMs) throw unreachable(reason);
      await delay(RETRY_MS, undefined, { signal });
    }
  }

  await withHeartbeat(progress, (seconds) => `waiting for ${what}, ${seconds} s so far (${reason})`, ask());
}
