interface Entry {
  readonly key: string;
  /** The key's moment; Infinity: none. */
  at: number;
  /** The moment by which it stands in the heap: `at`, or an earlier one where that has been put off since. */
  queuedAt: number;
  /** Where it stands in the heap, or NOWHERE. */
  place: number;
}

const NOWHERE = -1;

/**
 * The next moment of each key, the earliest first: a binary heap. A deadline that moves later, as they do with every event,
 * costs nothing until the old one comes up and is put back; so a key has one place, whatever the number of events.
 */
export class Deadlines {
  private readonly heap: Entry[] = [];
  private readonly entries = new Map<string, Entry>();

  /** `Infinity`: the key has no deadline. */
  set(key: string, at: number): void {
    let entry = this.entries.get(key);
    if (entry === undefined) {
      if (at === Infinity) return;
      entry = { key, at, queuedAt: Infinity, place: NOWHERE };
      this.entries.set(key, entry);
    }
    entry.at = at;
    if (at < entry.queuedAt) this.rise(entry, at);
    else if (entry.place === NOWHERE) this.entries.delete(key);
  }

  /** The earliest deadline, or Infinity. */
  next(): number {
    for (let top = this.heap[0]; top !== undefined; top = this.heap[0]) {
      if (top.at === top.queuedAt) return top.at;
      if (top.at === Infinity) this.entries.delete(this.pop().key);
      else this.sink(top, top.at);
    }
    return Infinity;
  }

  /** Takes out every key that is due at `at`, the earliest deadline. */
  take(at: number): string[] {
    const due: string[] = [];
    while (this.next() === at) {
      const entry = this.pop();
      // It stays known, as mostly it is set anew at once.
      entry.at = Infinity;
      due.push(entry.key);
    }
    return due;
  }

  /** To a moment that is earlier, from wherever it stands. */
  private rise(entry: Entry, at: number): void {
    const { heap } = this;
    let place = entry.place === NOWHERE ? heap.length : entry.place;
    entry.queuedAt = at;
    while (place > 0) {
      const parent = heap[(place - 1) >> 1] as Entry;
      if (!before(entry, parent)) break;
      this.put(parent, place);
      place = (place - 1) >> 1;
    }
    this.put(entry, place);
  }

  /** To a moment that is later, from the top. */
  private sink(entry: Entry, at: number): void {
    const { heap } = this;
    entry.queuedAt = at;
    let place = 0;
    for (let child = 1; child < heap.length; child = 2 * place + 1) {
      const [left, right] = [heap[child] as Entry, heap[child + 1]];
      const earlier = right !== undefined && before(right, left) ? right : left;
      if (!before(earlier, entry)) break;
      const from = earlier.place;
      this.put(earlier, place);
      place = from;
    }
    this.put(entry, place);
  }

  private pop(): Entry {
    const top = this.heap[0] as Entry;
    const last = this.heap.pop() as Entry;
    if (last !== top) this.sink(last, last.queuedAt);
    top.place = NOWHERE;
    top.queuedAt = Infinity;
    return top;
  }

  private put(entry: Entry, place: number): void {
    this.heap[place] = entry;
    entry.place = place;
  }
}

/** Equal moments go by key, so that order never hangs on the history of the heap. */
const before = (a: Entry, b: Entry): boolean => a.queuedAt < b.queuedAt || (a.queuedAt === b.queuedAt && a.key < b.key);
