import type { Budget } from './budget.ts';
import { Floor, type Slip } from './floor.ts';
import type { StreamMark } from './stream-mark.ts';

/** A tenant of which something was taken in this time goes on. */
const GOES_ON_MS = 1_000;

/** Messages that the lane has passed without taking them: from the slip's sequence up to `last`. */
export interface Skipped {
  readonly slip: Slip;
  last: number;
}

/**
 * One client in a lane, for as long as something of it is under way. One that is slow, or whose rules are just changing, is
 * set aside: the lane goes on without it, and a detour reads again what it has missed.
 *
 * How much one may have under way is as much as is still free for all (dynamic thresholds, Choudhury and Hahne, 1998): a
 * single slow tenant gets half of the budget, two get a third each, and something is always left for the others.
 */
export class Tenant {
  readonly clientId: string;
  readonly floor: Floor;
  skipped: Skipped | null = null;
  /** Bytes that are under way. */
  private weight = 0;
  /** When something of it was taken last, by a clock that never runs back, ms. */
  private gaveAtMs = -Infinity;
  private rulesChanging = 0;
  private quiet: (() => void)[] = [];
  private readonly budget: Budget;

  constructor(clientId: string, budget: Budget, passed: () => StreamMark) {
    this.clientId = clientId;
    this.budget = budget;
    this.floor = new Floor(passed);
  }

  take(bytes: number): void {
    this.weight += bytes;
    this.budget.take(bytes);
  }

  give(bytes: number): void {
    this.weight -= bytes;
    this.gaveAtMs = performance.now();
    this.budget.give(bytes);
  }

  isBeyondShare(): boolean {
    return this.weight > 0 && this.weight >= this.budget.free;
  }

  /** Whether it is not slower than the others: it goes on, and most of what there is to share is under way for others. */
  isHeldUp(): boolean {
    return this.budget.isScarce && performance.now() - this.gaveAtMs < GOES_ON_MS;
  }

  /** Whether the next message must wait, for this tenant alone. */
  mustWait(): boolean {
    return this.skipped !== null || this.rulesChanging > 0;
  }

  isIdle(): boolean {
    return this.floor.isClear() && !this.mustWait();
  }

  /** Passes a message by; tells whether it is the first. */
  skip(message: StreamMark): boolean {
    const isFirst = this.skipped === null;
    this.skipped ??= { slip: this.floor.enter(message, 1), last: message.sequence };
    this.skipped.last = message.sequence;
    return isFirst;
  }

  /** The lane may go on with this tenant. */
  rejoin(): void {
    const slip = this.skipped?.slip;
    this.skipped = null;
    if (slip !== undefined) this.floor.settle(slip);
  }

  async whileRulesChange<T>(work: () => Promise<T>): Promise<T> {
    this.rulesChanging += 1;
    try {
      return await work();
    } finally {
      this.rulesChanging -= 1;
      for (const wake of this.quiet.splice(0)) wake();
    }
  }

  /** Undefined when no rules change. */
  rulesAreChanging(): Promise<void> | undefined {
    return this.rulesChanging === 0 ? undefined : new Promise((resolve) => this.quiet.push(resolve));
  }

  /** What a detour must wait for before its next message; undefined when there is nothing. */
  hold(): Promise<void> | undefined {
    return this.rulesAreChanging() ?? (this.isBeyondShare() ? this.budget.change() : undefined);
  }
}
