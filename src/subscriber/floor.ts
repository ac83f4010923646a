/** One message on its way: how many deliveries it still waits for. */
export interface Slip {
  readonly sequence: number;
  readonly storedAtMs: number;
  pending: number;
}

/**
 * The floor of a lane: below it, everything that was read has been accepted by Temporal. Messages are opened in stream
 * order and settled in any; the floor moves up behind the oldest that still waits.
 */
export class Floor {
  sequence: number;
  /** When the message at the floor was stored, epoch ms. */
  storedAtMs: number;
  private readonly open: Slip[] = [];
  private head = 0;
  private waiters: { sequence: number; done: () => void }[] = [];
  private readonly onMove: () => void;

  constructor(sequence: number, storedAtMs: number, onMove: () => void) {
    this.sequence = sequence;
    this.storedAtMs = storedAtMs;
    this.onMove = onMove;
  }

  /** A message was read that needs `pending` deliveries, which may be none. */
  enter(sequence: number, storedAtMs: number, pending: number): Slip {
    const slip: Slip = { sequence, storedAtMs, pending };
    this.open.push(slip);
    if (pending === 0) this.advance();
    return slip;
  }

  settle(slip: Slip): void {
    slip.pending -= 1;
    if (slip.pending === 0) this.advance();
  }

  /** Resolves once the floor is at `sequence` or above. */
  reached(sequence: number): Promise<void> {
    if (this.sequence >= sequence) return Promise.resolve();
    return new Promise((done) => this.waiters.push({ sequence, done }));
  }

  /** Nothing is left between the floor and `sequence`: messages that were deleted, or never were this reader's. */
  skipTo(sequence: number): void {
    if (this.head < this.open.length || sequence <= this.sequence) return;
    this.sequence = sequence;
    this.moved();
  }

  private advance(): void {
    const before = this.sequence;
    for (let slip = this.open[this.head]; slip?.pending === 0; slip = this.open[this.head]) {
      this.sequence = slip.sequence;
      this.storedAtMs = slip.storedAtMs;
      this.head += 1;
    }
    if (this.head > COMPACT_AT) {
      this.open.splice(0, this.head);
      this.head = 0;
    }
    if (this.sequence !== before) this.moved();
  }

  private moved(): void {
    const reached = this.waiters.filter(({ sequence }) => sequence <= this.sequence);
    this.waiters = this.waiters.filter(({ sequence }) => sequence > this.sequence);
    for (const { done } of reached) done();
    this.onMove();
  }
}

/** Settled slips are dropped in blocks of this many, so that a step costs O(1) on average. */
const COMPACT_AT = 1_024;
