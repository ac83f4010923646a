interface Entry {
  at: number;
  key: string;
}

/**
 * The next moment of each key, the earliest first: a binary heap. A deadline that moves later, as they do with every event,
 * costs nothing until the old one comes up and is put back; so a key has one live entry, whatever the number of events.
 */
export class Deadlines {
  private readonly heap: Entry[] = [];
  private readonly current = new Map<string, number>();
  private readonly queued = new Map<string, number>();

  /** `Infinity`: the key has no deadline. */
  set(key: string, at: number): void {
    if (at === Infinity) {
      this.current.delete(key);
      return;
    }
    this.current.set(key, at);
    if (at < (this.queued.get(key) ?? Infinity)) this.push({ at, key });
  }

  /** The earliest deadline, or Infinity. */
  next(): number {
    for (let top = this.heap[0]; top !== undefined; top = this.heap[0]) {
      const live = this.queued.get(top.key) === top.at;
      const at = live ? this.current.get(top.key) : undefined;
      if (at === top.at) return at;
      this.pop();
      if (live) this.queued.delete(top.key);
      if (at !== undefined) this.push({ at, key: top.key });
    }
    return Infinity;
  }

  /** Takes out every key that is due at `at`, the earliest deadline. */
  take(at: number): string[] {
    const due: string[] = [];
    while (this.next() === at) {
      const { key } = this.heap[0] as Entry;
      this.current.delete(key);
      due.push(key);
    }
    return due;
  }

  private push(entry: Entry): void {
    const { heap } = this;
    this.queued.set(entry.key, entry.at);
    let place = heap.push(entry) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!before(entry, heap[parent] as Entry)) break;
      heap[place] = heap[parent] as Entry;
      place = parent;
    }
    heap[place] = entry;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child += 1;
      if (!before(heap[child] as Entry, last)) break;
      heap[place] = heap[child] as Entry;
      place = child;
    }
    heap[place] = last;
  }
}

/** Equal moments go by key, so that order never hangs on the history of the heap. */
const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.key < b.key);
