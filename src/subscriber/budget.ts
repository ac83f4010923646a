/** How much may be under way at once: events that were read and that Temporal has not taken yet. Reading waits for room. */
export class Budget {
  private used = 0;
  private waiting: (() => void) | null = null;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  take(amount: number): void {
    this.used += amount;
  }

  give(amount: number): void {
    this.used -= amount;
    if (this.used < this.limit && this.waiting !== null) {
      this.waiting();
      this.waiting = null;
    }
  }

  /** Undefined when there is room now, so that the common case costs no turn of the event loop. */
  room(): Promise<void> | undefined {
    if (this.used < this.limit) return undefined;
    return new Promise((resolve) => {
      this.waiting = resolve;
    });
  }
}
