/** Temporal's recommendation for a continuously signalled workflow (temporalio/documentation#3665). */
const SIGNALS_PER_SECOND = 5;
/** Signals that may be sent at once after a pause, so that an idle set gets its first events without delay. */
const BURST = 5;
const MS_EACH = 1_000 / SIGNALS_PER_SECOND;

/** Limits the rate of signals to one set: a token bucket. Times in ms of a monotonic clock. */
export class SignalPace {
  /** When the bucket is full again. */
  private spentUntil = -Infinity;

  /** Delay before the next signal, ms. */
  waitMs(now: number): number {
    return Math.max(0, this.spentUntil - (BURST - 1) * MS_EACH - now);
  }

  sent(now: number): void {
    // Full signals are not delayed; however many they are, they delay the next one by MS_EACH at most.
    this.spentUntil = Math.min(Math.max(this.spentUntil, now), now + (BURST - 1) * MS_EACH) + MS_EACH;
  }
}
