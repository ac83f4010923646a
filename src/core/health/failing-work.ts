/** Work that failed this long ago, without a retry since, no longer counts as failing. */
const FORGET_AFTER_MS = 120_000;
const LINE_EVERY_MS = 60_000;
/** Failing keys above this number are not tracked individually. */
const KEPT = 1_000;

export interface FailingSummary {
  /** Number of items that currently fail. */
  count: number;
  /** Since when the longest-failing item fails, epoch ms. */
  sinceMs: number;
  /** Error of the newest attempt. */
  detail: string;
}

/** Tracks which retried work currently fails: the last attempt failed, within the last two minutes. */
export class FailingWork {
  private readonly failing = new Map<string, { sinceMs: number; lastMs: number }>();
  private detail = '';
  private lineMs = -Infinity;

  /** Returns whether to log a line: at most one a minute for all work. */
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
