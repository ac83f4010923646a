import type { ByteBudget } from './byte-budget.ts';
import { AckFloor } from './ack-floor.ts';
import type { StreamPosition } from '../reading/stream-position.ts';
import { Waiters } from '../waiters.ts';

/** A tenant is slow if Temporal has accepted none of its deliveries for this long. */
const SLOW_AFTER_MS = 1_000;

/** With at most this many messages left, a catch-up reader is close, and the lane waits for it: some milliseconds. */
const NEAR = 1_000;

/** The messages of a parked tenant, which the lane has skipped. */
export interface ParkedMessages {
  /** Up to where the catch-up reader has delivered them. */
  delivered: StreamPosition;
  last: number;
  /** Number that the catch-up reader has not delivered yet. */
  left: number;
  /** Whether the catch-up reader has an open reading. */
  isRead: boolean;
}

/**
 * A client in a lane, while it has messages in flight. A client that is slow, or whose rules are changing, is parked:
 * the lane continues without it, and a catch-up reader reads the skipped messages again. Under a steady load the
 * catch-up reader would never reach the lane, so the lane waits for one that is close.
 *
 * A tenant may have as much in flight as is still free for all (dynamic thresholds, Choudhury and Hahne, 1998): a slow
 * tenant gets half of the budget, two get a third each, and there is always some left for the others.
 */
export class Tenant {
  readonly clientId: string;
  readonly ackFloor: AckFloor;
  parked: ParkedMessages | null = null;
  /** Bytes in flight. */
  private weight = 0;
  private isClosed = false;
  /** When Temporal last accepted a delivery, ms of the monotonic clock. */
  private acceptedAtMs = -Infinity;
  private rulesChanging = 0;
  private readonly quiet = new Waiters();
  private readonly catchUpMoves = new Waiters();
  private readonly passed: () => StreamPosition;
  private readonly budget: ByteBudget;

  constructor(clientId: string, budget: ByteBudget, passed: () => StreamPosition) {
    this.clientId = clientId;
    this.budget = budget;
    this.passed = passed;
    this.ackFloor = new AckFloor(() => this.parked?.delivered ?? passed());
  }

  reserve(bytes: number): void {
    if (this.isClosed) return;
    this.weight += bytes;
    this.budget.reserve(bytes);
  }

  release(bytes: number): void {
    if (this.isClosed) return;
    this.weight -= bytes;
    this.acceptedAtMs = performance.now();
    this.budget.release(bytes);
  }

  /** The lane is released: what is in flight no longer counts against the budget. */
  close(): void {
    this.release(this.weight);
    this.isClosed = true;
  }

  isBeyondShare(): boolean {
    return this.weight > 0 && this.weight >= this.budget.free;
  }

  /** Whether it is held up by others: Temporal accepts its deliveries, but the budget is scarce. */
  isHeldUp(): boolean {
    return this.budget.isScarce && performance.now() - this.acceptedAtMs < SLOW_AFTER_MS;
  }

  /** Whether this tenant's next message must wait for reasons of its own. */
  mustWait(): boolean {
    return this.parked !== null || this.rulesChanging > 0;
  }

  isIdle(): boolean {
    return this.ackFloor.isClear() && !this.mustWait();
  }

  /** Messages read or skipped that Temporal has not accepted yet, and when the oldest was stored (epoch ms). */
  underWay(): { messages: number; oldestMs: number } {
    const oldest = this.ackFloor.oldest() ?? this.parked?.delivered;
    return { messages: this.ackFloor.waiting() + (this.parked?.left ?? 0), oldestMs: oldest?.storedAtMs ?? Infinity };
  }

  /** Skips a message, and parks the tenant. Returns whether it is the first one. */
  park({ sequence }: StreamPosition): boolean {
    const isFirst = this.parked === null;
    this.parked ??= { delivered: this.passed(), last: sequence, left: 0, isRead: false };
    this.parked.last = sequence;
    this.parked.left += 1;
    return isFirst;
  }

  /** The catch-up reader has delivered this message. */
  advanceTo({ sequence, storedAtMs }: StreamPosition): void {
    const { parked: parkedMessages } = this;
    if (parkedMessages === null) return;
    parkedMessages.delivered = { sequence, storedAtMs };
    parkedMessages.left -= 1;
    if (sequence >= parkedMessages.last) this.resume();
  }

  /** Returns the tenant to the lane. */
  resume(): void {
    this.parked = null;
    this.ackFloor.moved();
    this.notifyLane();
  }

  /** Resolves when the lane should check again; undefined if it need not wait for a catch-up reader. */
  resuming(signal?: AbortSignal): Promise<void> | undefined {
    const isNear = this.parked !== null && this.parked.isRead && this.parked.left <= NEAR && this.hasRoom();
    return isNear ? this.catchUpMoves.wait(signal) : undefined;
  }

  /** The catch-up reader has made progress, or must wait. */
  notifyLane(): void {
    this.catchUpMoves.wake();
  }

  async whileRulesChange<T>(work: () => Promise<T>): Promise<T> {
    this.rulesChanging += 1;
    try {
      return await work();
    } finally {
      this.rulesChanging -= 1;
      this.quiet.wake();
    }
  }

  /** Resolves when a rule change is complete; undefined if there is none. */
  rulesAreChanging(signal?: AbortSignal): Promise<void> | undefined {
    return this.rulesChanging === 0 ? undefined : this.quiet.wait(signal);
  }

  /** Whether a catch-up reader may deliver its next message. */
  hasRoom(): boolean {
    return this.rulesChanging === 0 && !this.isBeyondShare();
  }

  /** What a catch-up reader must wait for before its next message; undefined if nothing. */
  hold(signal: AbortSignal): Promise<void> | undefined {
    return this.rulesAreChanging(signal) ?? (this.isBeyondShare() ? this.budget.change(signal) : undefined);
  }
}
