import { Waiters } from '../waiters.ts';

/** The budget is scarce when less than this part of it is free. With equal shares, at least seven tenants then have theirs. */
const SCARCE_SHARE = 1 / 8;

/** Bytes that may be in flight at once: events that were read and that Temporal has not accepted. */
export class ByteBudget {
  private used = 0;
  private readonly released = new Waiters();
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
    this.released.wake();
  }

  /** Resolves when bytes are released: check again then. Rejects with the signal's reason. */
  change(signal?: AbortSignal): Promise<void> {
    return this.released.wait(signal);
  }
}
