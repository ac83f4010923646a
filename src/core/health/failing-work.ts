/** What failed so long ago, and was not tried since, does not count as failing. */
const FORGET_AFTER_MS = 120_000;
const LINE_EVERY_MS = 60_000;
/** More than that are not told apart. */
const KEPT = 1_000;

export interface FailingSummary {
  /** Pieces of work that fail now. */
  count: number;
  /** Since when the one does that has failed for longest, epoch ms. */
  sinceMs: number;
  /** Why the newest attempt failed. */
  detail: string;
}

/** Which pieces of work fail now, of those that are tried again until they succeed: the last attempt failed, within two minutes. */
export class FailingWork {
  private readonly failing = new Map<string, { sinceMs: number; lastMs: number }>();
  private detail = '';
  private lineMs = -Infinity;

  /** Whether it is time for a line in the log: one a minute, for all of the work. */
  failed(key: string, detail: string, nowMs: number): boolean {
    this.forget(nowMs);
    this.detail = detail;
    const known = this.failing.get(key);
    if (known !== undefined) known.lastMs = nowMs;
    else if (this.failing.size < KEPT) this.failing.set(key, { sinceMs: nowMs, lastMs: nowMs });
    if (nowMs - this.lineMs < LINE_EVERY_MS) return false;
    this.lineMs = nowMs;
    return true;
  }

  succeeded(key: string): void {
    this.failing.delete(key);
  }

  /** Null when nothing fails. */
  summary(nowMs: number): FailingSummary | null {
    this.forget(nowMs);
    if (this.failing.size === 0) return null;
    const sinceMs = Math.min(...[...this.failing.values()].map((work) => work.sinceMs));
    return { count: this.failing.size, sinceMs, detail: this.detail };
  }

  private forget(nowMs: number): void {
    for (const [key, { lastMs }] of this.failing) if (nowMs - lastMs > FORGET_AFTER_MS) this.failing.delete(key);
  }
}
