interface Queue {
  waiting: (() => void)[];
  running: number;
}

/**
 * A fixed number of slots, shared fairly: waiting keys are served round-robin, and no key may have more slots than are
 * still free. A tenant with a thousand sets, or with sets that hang, does not block the others.
 */
export class FairSlots {
  private free: number;
  /** In the order in which they are served. */
  private readonly queues = new Map<string, Queue>();

  constructor(slots: number) {
    this.free = slots;
  }

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    await this.enter(key);
    try {
      return await work();
    } finally {
      this.leave(key);
    }
  }

  private enter(key: string): Promise<void> {
    const queue = this.queues.get(key) ?? { waiting: [], running: 0 };
    this.queues.set(key, queue);
    return new Promise((resolve) => {
      queue.waiting.push(resolve);
      this.serve();
    });
  }

  private leave(key: string): void {
    const queue = this.queues.get(key);
    if (queue === undefined) return;
    queue.running -= 1;
    this.free += 1;
    this.queues.delete(key);
    if (queue.running > 0 || queue.waiting.length > 0) this.queues.set(key, queue);
    this.serve();
  }

  private serve(): void {
    for (let next = this.next(); next !== undefined; next = this.next()) {
      const [key, queue] = next;
      // Round-robin: last in the order.
      this.queues.delete(key);
      this.queues.set(key, queue);
      queue.running += 1;
      this.free -= 1;
      queue.waiting.shift()?.();
    }
  }

  private next(): [string, Queue] | undefined {
    if (this.free === 0) return undefined;
    for (const entry of this.queues) {
      const [, { waiting, running }] = entry;
      if (waiting.length > 0 && running < this.free) return entry;
    }
    return undefined;
  }
}
