import { setTimeout as delay } from 'node:timers/promises';

const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 5_000;
/** Work that goes on for longer is worth a line in the log, each time. */
const WORTH_A_LINE_MS = 60_000;

/** What is delivered, or else under way, for the log. */
export interface DeliveryFields {
  /** Work that may take long: the log tells of it for as long as it goes on. */
  work?: 'catch-up' | 'recovery' | 'rule backfill';
  clientId?: string;
  workflowId?: string;
  /** It asks a set how far it is: nothing is delivered. */
  question?: true;
}

/**
 * Runs `attempt` until it succeeds or `signal` aborts (then rejects). For deliveries that must never be given up: a refusal
 * of Temporal (limits, busy, away) always means "again".
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

/** Calls `stillAtIt` once a minute, with how long the work has gone on (ms), until it is over. */
export async function watched(work: Promise<void>, stillAtIt: (ms: number) => void): Promise<void> {
  const startedMs = performance.now();
  const timer = setInterval(() => stillAtIt(Math.round(performance.now() - startedMs)), WORTH_A_LINE_MS);
  timer.unref();
  try {
    await work;
  } finally {
    clearInterval(timer);
  }
}
