import { setTimeout as delay } from 'node:timers/promises';

const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 5_000;
/** Interval at which long work is logged. */
const WORTH_A_LINE_MS = 60_000;

/** Log fields of a delivery or of other work. */
export interface DeliveryFields {
  /** Work that may take long; logged every minute while it runs. */
  work?: 'catch-up' | 'recovery' | 'rule backfill';
  clientId?: string;
  workflowId?: string;
  /** Asks a set for its backlog and delivers nothing. */
  question?: true;
}

/**
 * Runs `attempt` with exponential backoff until it succeeds. Rejects only when `signal` aborts. Every error is retried:
 * no delivery may be dropped because Temporal is unreachable, busy or at a limit.
 */
export async function untilDone(
  attempt: () => Promise<void>,
  signal: AbortSignal,
  onFailure: (error: unknown, attempts: number) => void,
): Promise<void> {
  for (let attempts = 1; ; attempts += 1) {
    signal.throwIfAborted();
    try {
      await attempt();
      return;
    } catch (error) {
      onFailure(error, attempts);
    }
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 10));
    await delay(waitMs * (0.5 + Math.random() / 2), undefined, { signal });
  }
}

/** Calls `stillRunning` every minute with the elapsed time (ms) until the work settles. */
export async function watched(work: Promise<void>, stillRunning: (ms: number) => void): Promise<void> {
  const startedMs = performance.now();
  const timer = setInterval(() => stillRunning(Math.round(performance.now() - startedMs)), WORTH_A_LINE_MS);
  timer.unref();
  try {
    await work;
  } finally {
    clearInterval(timer);
  }
}
