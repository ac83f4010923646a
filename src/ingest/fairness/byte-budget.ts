import { Waiters } from '../waiters.ts';

/** The budget is scarce if less than this fraction is free: at least seven tenants then have their full share. */
const SCARCE_SHARE = 1 / 8;

/** Limits the bytes in flight: events that were read and that Temporal has not accepted. */
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

  /** Resolves at the next release; check again then. Rejects with the signal's reason. */
  change(signal?: AbortSignal): Promise<void> {
    return this.released.wait(signal);
  }
}
