/** Tokens are filled up at each whole 10 seconds of the stored time, so that every reader fills them at the same events. */
export const FILL_EVERY_MS = 10_000;

/** When the tokens for an event of this time were filled up, epoch ms. */
export const filledAtMs = (atMs: number): number => Math.floor(atMs / FILL_EVERY_MS) * FILL_EVERY_MS;

/** Times of the stream are rounded to milliseconds: a reading begins earlier, and its first filling empties what came before. */
const EARLIER_MS = 1_000;

/** Where to begin to read, so that the tokens at a time (epoch ms) are known: right before they were filled up. */
export const readTokensFromMs = (atMs: number): number => Math.max(0, filledAtMs(atMs) - EARLIER_MS);

/**
 * The bucket of tokens of one client: ten seconds' worth, filled up every ten seconds. Whether an event gets one depends
 * on the stream alone: on how many events of the client it has between the last filling and this one.
 */
export class EventMeter {
  /** Events without a token since the last filling. */
  refused = 0;
  private filledAtMs = -Infinity;
  private count = 0;

  /** Counts the next event of the client, stored at `atMs` (epoch ms). Whether it gets a token. */
  take(atMs: number, perSecond: number | null): boolean {
    const filled = filledAtMs(atMs);
    if (filled !== this.filledAtMs) this.count = this.refused = 0;
    this.filledAtMs = filled;
    this.count += 1;
    const isTaken = perSecond === null || this.count <= (perSecond * FILL_EVERY_MS) / 1_000;
    if (!isTaken) this.refused += 1;
    return isTaken;
  }
}
