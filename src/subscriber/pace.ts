/** What Temporal advises for a workflow that is signalled all the time (documentation#3665): five signals a second. */
const APART_MS = 200;
/** Signals that may follow at once upon a pause, as five do at their usual pace: whoever was quiet is answered without delay. */
const BURST_MS = 4 * APART_MS;
/** A workflow that waits longer for its turn is one of too many: more signals only take from Temporal what it needs for tasks. */
const LONG_DELAY_MS = 500;
const APART_BY_DELAY = 4;
const AT_MOST_APART_MS = 5_000;

/** Keeps the signals to one set apart: a token bucket. Times in milliseconds, of a clock that never runs back. */
export class Pace {
  /** Until then all tokens are spoken for, less a burst. */
  private spentUntil = -Infinity;

  /** How long the next signal should wait; 0: not at all. */
  waitMs(now: number): number {
    return Math.max(0, this.spentUntil - BURST_MS - now);
  }

  /** `taskDelayMs`: how long a workflow waits for its turn at present. Signals are then fewer and fuller, as one task takes all that have come. */
  sent(now: number, taskDelayMs: number): void {
    const apartMs = Math.min(AT_MOST_APART_MS, Math.max(APART_MS, APART_BY_DELAY * (taskDelayMs - LONG_DELAY_MS)));
    // Full ones do not wait for their pace, and leave no debt beyond the next.
    this.spentUntil = Math.min(Math.max(this.spentUntil, now) + apartMs, now + apartMs + BURST_MS);
  }
}
