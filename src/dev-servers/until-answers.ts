import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf } from './processes/command.ts';
import { withHeartbeat } from './processes/heartbeat.ts';

const RETRY_MS = 50;

/** How long to wait for a server, and where to report progress. */
export interface Patience {
  withinMs: number;
  signal: AbortSignal;
  progress: (line: string) => void;
}

/** Retries `probe` until it succeeds. After the timeout, throws `unreachable(last failure)`. */
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

  await withHeartbeat(progress, (seconds) => `waiting for ${what} for ${seconds} s (${reason})`, ask());
}
