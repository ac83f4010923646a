import { Waiters } from '../waiters.ts';

/** Counts deliveries that Temporal has not accepted yet. */
export class Outstanding {
  private count = 0;
  private readonly settled = new Waiters();

  /** Starts a delivery. Call the returned function once Temporal has accepted it. */
  open(): () => void {
    this.count += 1;
    return () => {
      this.count -= 1;
      if (this.count === 0) this.settled.wake();
    };
  }

  /** Resolves when Temporal has accepted all of them. Rejects with the signal's reason. */
  async allSettled(signal: AbortSignal): Promise<void> {
    if (this.count > 0) await this.settled.wait(signal);
  }
}
