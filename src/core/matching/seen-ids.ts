import { EVENT_ID_WINDOW_MS } from '../model/event/event-id.ts';

/** Ids of one client that are remembered: an older one of the window is another event again. */
export const MOST_EVENT_IDS = 50_000;

/**
 * The ids of a client's events. An event is a repetition if one with its id was stored within the window before it, and
 * is among the newest so many different ids: this depends on the stream alone, wherever a reading of one window before
 * the event begins.
 */
export class SeenIds {
  /** When each id was last stored, epoch ms; in this order. */
  private readonly storedAt = new Map<string, number>();

  get size(): number {
    return this.storedAt.size;
  }

  /** Whether the event is a repetition. Call it for every event with an id, in the order of the stream. */
  see(id: string, storedAtMs: number): boolean {
    this.forget(storedAtMs);
    const before = this.storedAt.get(id);
    // Also a repetition counts as stored: what was stored before the window never matters.
    this.storedAt.delete(id);
    this.storedAt.set(id, storedAtMs);
    const [oldest] = this.storedAt.keys();
    if (this.storedAt.size > MOST_EVENT_IDS && oldest !== undefined) this.storedAt.delete(oldest);
    return before !== undefined && storedAtMs - before < EVENT_ID_WINDOW_MS;
  }

  /** Forgets what no event from `nowMs` on can repeat. */
  forget(nowMs: number): void {
    for (const [id, storedAtMs] of this.storedAt) {
      if (nowMs - storedAtMs < EVENT_ID_WINDOW_MS) return;
      this.storedAt.delete(id);
    }
  }
}
