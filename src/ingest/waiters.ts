interface Waiter {
  at: number;
  resolve: () => void;
}

/**
 * Those who wait for something to happen, and then look again. Where it is a number that grows, each waits until it has reached a number
 * of its own. Whoever gives up, by its signal, leaves nothing behind.
 */
export class Waiters {
  private readonly waiting = new Set<Waiter>();
  /** Nobody waits for less: most of what happens concerns nobody, and then costs nothing. */
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
