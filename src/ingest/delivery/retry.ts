import { setTimeout as delay } from 'node:timers/promises';

const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 5_000;

/** What is delivered, for the log. */
export interface DeliveryFields {
  clientId?: string;
  workflowId?: string;
  /** It asks a set how far it is: nothing is delivered. */
  question?: true;
}

/**
 * Runs `attempt` until it succeeds or `signal` aborts (then rejects). For deliveries that must never be given up: a refusal
 * of Temporal (limits, busy, away) always means "again".
 */
export async function untilDone(attempt: () => Promise<void>, signal: AbortSignal, onFailure: (error: unknown, attempts: number) => void): Promise<void> {
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
