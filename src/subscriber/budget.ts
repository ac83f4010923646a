/** Of the budget that is free, when it is scarce. Shared out in equal parts, at least seven have theirs then. */
const SCARCE_SHARE = 1 / 8;

/** How much may be under way at once, in bytes: events that were read and that Temporal has not taken yet. */
export class Budget {
  private used = 0;
  private waiting: (() => void)[] = [];
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get free(): number {
    return this.limit - this.used;
  }

  get isScarce(): boolean {
    return this.free < this.limit * SCARCE_SHARE;
  }

  take(bytes: number): void {
    this.used += bytes;
  }

  give(bytes: number): void {
    this.used -= bytes;
    if (this.waiting.length === 0) return;
    for (const wake of this.waiting.splice(0)) wake();
  }

  /** Resolves when something has been given back: then look again. */
  change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
