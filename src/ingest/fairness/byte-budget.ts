import { Waiters } from '../waiters.ts';

/** Of the budget that is free, when it is scarce. Shared out in equal parts, at least seven have theirs then. */
const SCARCE_SHARE = 1 / 8;

/** How much may be under way at once, in bytes: events that were read and that Temporal has not taken yet. */
export class ByteBudget {
  private used = 0;
  private readonly givenBack = new Waiters();
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

  reserve(bytes: number): void {
    this.used += bytes;
  }

  release(bytes: number): void {
    this.used -= bytes;
    this.givenBack.wake();
  }

  /** Resolves when something has been given back: then look again. Rejects with the signal's reason. */
  change(signal?: AbortSignal): Promise<void> {
    return this.givenBack.wait(signal);
  }
}
