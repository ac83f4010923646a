interface Waiter {
  at: number;
  resolve: () => void;
}

/**
 * Callers that wait for something to happen, and then check again. If it is a number that grows, each waits until it reaches a number of its
 * own. A caller whose signal aborts leaves nothing behind.
 */
export class Waiters {
  private readonly waiting = new Set<Waiter>();
  /** Nobody waits for less, so most calls of `wake` cost nothing. */
  private lowest = Infinity;

  get size(): number {
    return this.waiting.size;
  }

  /** Resolves at the next `wake` with `at` or more; rejects with the signal's reason as soon as that aborts. */
  wait(signal?: AbortSignal, at = 0): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const giveUp = (): void => {
        this.waiting.delete(waiter);
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        at,
        resolve() {
          signal?.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      signal?.addEventListener('abort', giveUp, { once: true });
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
