import { later, type StreamPosition } from '../reading/stream-position.ts';
import { Waiters } from '../waiters.ts';

/** A message in flight: how many deliveries Temporal has not accepted yet. */
export interface InFlightEntry extends StreamPosition {
  pending: number;
}

/**
 * The ack floor of one tenant: Temporal has accepted everything that was read up to it. Messages enter in stream order
 * and settle in any order. The ack floor is just below the oldest message in flight, or else at the reader's position.
 */
export class AckFloor {
  private known: StreamPosition;
  private readonly open: InFlightEntry[] = [];
  /** Index of the oldest message in flight. */
  private first = 0;
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
    return this.first === this.open.length;
  }

  /** The oldest message in flight. */
  oldest(): StreamPosition | undefined {
    return this.open[this.first];
  }

  /** Number of messages from the oldest one in flight on. */
  waiting(): number {
    return this.open.length - this.first;
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

  /**
   * Resolves once the ack floor is at `sequence` or above; the reader must have passed `sequence`. Rejects with the
   * signal's reason.
   */
  reached(sequence: number, signal?: AbortSignal): Promise<void> {
    return this.position().sequence >= sequence ? Promise.resolve() : this.rise.wait(signal, sequence);
  }

  private advance(): void {
    for (let inFlight = this.open[this.first]; inFlight?.pending === 0; inFlight = this.open[this.first]) {
      this.known = inFlight;
      this.first += 1;
    }
    if (this.first > COMPACT_AT) {
      this.open.splice(0, this.first);
      this.first = 0;
    }
    this.moved();
  }

  /** Wakes callers of `reached`. Call it also when the read position moves without a settled message. */
  moved(): void {
    if (this.rise.size > 0) this.rise.wake(this.position().sequence);
  }
}

/** Settled entries are dropped in blocks of this many, so that a step costs O(1) on average. */
const COMPACT_AT = 1_024;
