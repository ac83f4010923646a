import { later, type StreamPosition } from '../reading/stream-position.ts';
import { Waiters } from '../waiters.ts';

/** A message in flight: how many deliveries Temporal has not accepted yet. */
export interface InFlightEntry extends StreamPosition {
  pending: number;
}

/**
 * The floor of one tenant's events: up to it, everything that was read has been accepted by Temporal. Messages are entered
 * in stream order and settled in any; the floor moves up behind the oldest that still waits, and with nothing open it is
 * as far as the reader.
 */
export class AckFloor {
  private known: StreamPosition;
  private readonly open: InFlightEntry[] = [];
  private head = 0;
  private readonly rise = new Waiters();
  /** Up to where the reader has handed out this tenant's messages. */
  private readonly passed: () => StreamPosition;

  constructor(passed: () => StreamPosition) {
    this.passed = passed;
    this.known = passed();
  }

  position(): StreamPosition {
    if (this.isClear()) this.known = later(this.known, this.passed());
    return this.known;
  }

  isClear(): boolean {
    return this.head === this.open.length;
  }

  /** The oldest message that still waits. */
  oldest(): StreamPosition | undefined {
    return this.open[this.head];
  }

  /** Messages from the oldest that still waits on. */
  waiting(): number {
    return this.open.length - this.head;
  }

  /** Adds a message with `pending` deliveries, possibly none. */
  enter({ sequence, storedAtMs }: StreamPosition, pending: number): InFlightEntry {
    const inFlight: InFlightEntry = { sequence, storedAtMs, pending };
    this.open.push(inFlight);
    if (pending === 0) this.advance();
    return inFlight;
  }

  settle(inFlight: InFlightEntry): void {
    inFlight.pending -= 1;
    if (inFlight.pending === 0) this.advance();
  }

  /** Resolves once the floor is at `sequence` or above, which the reader has passed already. Rejects with the signal's reason. */
  reached(sequence: number, signal?: AbortSignal): Promise<void> {
    return this.position().sequence >= sequence ? Promise.resolve() : this.rise.wait(signal, sequence);
  }

  private advance(): void {
    for (let inFlight = this.open[this.head]; inFlight?.pending === 0; inFlight = this.open[this.head]) {
      this.known = inFlight;
      this.head += 1;
    }
    if (this.head > COMPACT_AT) {
      this.open.splice(0, this.head);
      this.head = 0;
    }
    this.moved();
  }

  /** Wakes callers of `reached`. Call it also when the read position has moved and nothing was settled. */
  moved(): void {
    if (this.rise.size > 0) this.rise.wake(this.position().sequence);
  }
}

/** Settled entries are dropped in blocks of this many, so that a step costs O(1) on average. */
const COMPACT_AT = 1_024;
