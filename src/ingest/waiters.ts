interface Waiter {
  at: number;
  resolve: () => void;
}

/**
 * Callers that wait for a condition and check again when woken. For a growing number, each waits for its own threshold.
 * A caller whose signal aborts is removed.
 */
export class Waiters {
  private readonly waiting = new Set<Waiter>();
  /** The lowest threshold, so that most calls of `wake` cost nothing. */
  private lowest = Infinity;

  get size(): number {
    return this.waiting.size;
  }

  /** Resolves at the next `wake` with `at` or more; rejects with the signal's reason when it aborts. */
  wait(signal?: AbortSignal, at = 0): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const abort = (): void => {
        this.waiting.delete(waiter);
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        at,
        resolve() {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.waiting.add(waiter);
      this.lowest = Math.min(this.lowest, at);
    });
  }

  wake(reached = Infinity): void {
    if (this.waiting.size === 0 || reached < this.lowest) return;
    this.lowest = Infinity;
    for (const waiter of this.waiting) {
      if (waiter.at > reached) {
        this.lowest = Math.min(this.lowest, waiter.at);
        continue;
      }
      this.waiting.delete(waiter);
      waiter.resolve();
    }
  }
}
