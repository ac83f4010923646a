/** What Temporal advises for a workflow that is signalled all the time (documentation#3665). */
const SIGNALS_PER_SECOND = 5;
/** Signals that may follow at once upon a pause: whoever was quiet is answered without delay. */
const BURST = 5;
const MS_EACH = 1_000 / SIGNALS_PER_SECOND;

/** Keeps the signals to one set apart: a token bucket. Times in milliseconds, of a clock that never runs back. */
export class SignalPace {
  /** Until then all tokens are spoken for, less a burst. */
  private spentUntil = -Infinity;

  /** How long the next signal should wait; 0: not at all. */
  waitMs(now: number): number {
    return Math.max(0, this.spentUntil - (BURST - 1) * MS_EACH - now);
  }

  sent(now: number): void {
    // Full ones do not wait for their pace, and leave no debt beyond the next.
    this.spentUntil = Math.min(Math.max(this.spentUntil, now), now + (BURST - 1) * MS_EACH) + MS_EACH;
  }
}
