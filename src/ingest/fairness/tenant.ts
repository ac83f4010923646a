import type { ByteBudget } from './byte-budget.ts';
import { AckFloor } from './ack-floor.ts';
import type { StreamPosition } from '../reading/stream-position.ts';
import { Waiters } from '../waiters.ts';

/** A tenant is not slow if Temporal accepted one of its deliveries in this time. */
const GOES_ON_MS = 1_000;

/** With at most this many messages left, a catch-up reader is near: the lane waits for it, some milliseconds. */
const NEAR = 1_000;

/** The messages of a parked tenant: the lane has read past them. */
export interface ParkedMessages {
  /** Up to where the catch-up reader has taken them. */
  taken: StreamPosition;
  last: number;
  /** How many the catch-up reader has not come to. */
  left: number;
  /** Whether messages come to the catch-up reader, as far as is known. */
  isRead: boolean;
}

/**
 * One client in a lane, for as long as something of it is under way. One that is slow, or whose rules are just changing, is
 * parked: the lane goes on without it, and a catch-up reader reads again what it has missed. Where events come steadily the two would
 * never meet: so the lane waits for a catch-up reader that is near.
 *
 * How much one may have under way is as much as is still free for all (dynamic thresholds, Choudhury and Hahne, 1998): a
 * single slow tenant gets half of the budget, two get a third each, and something is always left for the others.
 */
export class Tenant {
  readonly clientId: string;
  readonly ackFloor: AckFloor;
  parked: ParkedMessages | null = null;
  /** Bytes in flight. */
  private weight = 0;
  private isClosed = false;
  /** When Temporal last accepted a delivery, ms of the monotonic clock. */
  private gaveAtMs = -Infinity;
  private rulesChanging = 0;
  private readonly quiet = new Waiters();
  private readonly catchUpMoves = new Waiters();
  private readonly passed: () => StreamPosition;
  private readonly budget: ByteBudget;

  constructor(clientId: string, budget: ByteBudget, passed: () => StreamPosition) {
    this.clientId = clientId;
    this.budget = budget;
    this.passed = passed;
    this.ackFloor = new AckFloor(() => this.parked?.taken ?? passed());
  }

  reserve(bytes: number): void {
    if (this.isClosed) return;
    this.weight += bytes;
    this.budget.reserve(bytes);
  }

  release(bytes: number): void {
    if (this.isClosed) return;
    this.weight -= bytes;
    this.gaveAtMs = performance.now();
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

  /** Whether it is not slower than the others: Temporal accepts its deliveries, and others use most of the budget. */
  isHeldUp(): boolean {
    return this.budget.isScarce && performance.now() - this.gaveAtMs < GOES_ON_MS;
  }

  /** Whether the next message must wait, for this tenant alone. */
  mustWait(): boolean {
    return this.parked !== null || this.rulesChanging > 0;
  }

  isIdle(): boolean {
    return this.ackFloor.isClear() && !this.mustWait();
  }

  /** What was read, or passed by, and Temporal has not taken yet: how many messages, and since when (epoch ms). */
  underWay(): { messages: number; oldestMs: number } {
    const oldest = this.ackFloor.oldest() ?? this.parked?.taken;
    return { messages: this.ackFloor.waiting() + (this.parked?.left ?? 0), oldestMs: oldest?.storedAtMs ?? Infinity };
  }

  /** Parks a message. Returns whether it is the first. */
  park({ sequence }: StreamPosition): boolean {
    const isFirst = this.parked === null;
    this.parked ??= { taken: this.passed(), last: sequence, left: 0, isRead: false };
    this.parked.last = sequence;
    this.parked.left += 1;
    return isFirst;
  }

  /** The catch-up reader has delivered this message. */
  advanceTo({ sequence, storedAtMs }: StreamPosition): void {
    const { parked: parkedMessages } = this;
    if (parkedMessages === null) return;
    parkedMessages.taken = { sequence, storedAtMs };
    parkedMessages.left -= 1;
    if (sequence >= parkedMessages.last) this.resume();
  }

  /** The lane may go on with this tenant. */
  resume(): void {
    this.parked = null;
    this.ackFloor.moved();
    this.notifyLane();
  }

  /** Resolves when the lane should ask again; undefined when it need not wait for a catch-up reader. */
  resuming(signal?: AbortSignal): Promise<void> | undefined {
    const isNear = this.parked !== null && this.parked.isRead && this.parked.left <= NEAR && this.hasRoom();
    return isNear ? this.catchUpMoves.wait(signal) : undefined;
  }

  /** The catch-up reader has come nearer, or is held up. */
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

  /** Undefined when no rules change. */
  rulesAreChanging(signal?: AbortSignal): Promise<void> | undefined {
    return this.rulesChanging === 0 ? undefined : this.quiet.wait(signal);
  }

  /** Whether a catch-up reader may take its next message. */
  hasRoom(): boolean {
    return this.rulesChanging === 0 && !this.isBeyondShare();
  }

  /** What a catch-up reader must wait for before its next message; undefined when there is nothing. */
  hold(signal: AbortSignal): Promise<void> | undefined {
    return this.rulesAreChanging(signal) ?? (this.isBeyondShare() ? this.budget.change(signal) : undefined);
  }
}
