const NOWHERE = -1;

/** Something that has a next moment, which `Deadlines` alone writes. */
export class Timed {
  /** Its name: no other has it. */
  readonly key: string;
  /** Infinity: none. */
  at = Infinity;
  /** The moment by which it stands in the heap: `at`, or an earlier one where that has been put off since. */
  queuedAt = Infinity;
  /** Where it stands in the heap, or NOWHERE. */
  place = NOWHERE;

  constructor(key: string) {
    this.key = key;
  }
}

/**
 * Deadlines, the earliest first: a binary heap. One that moves later, as they do with every event, costs nothing until its old
 * moment comes up and it is put back; so each has one place, whatever the number of events.
 */
export class Deadlines<T extends Timed> {
  private readonly heap: T[] = [];

  /** `Infinity`: there is none. */
  set(timed: T, at: number): void {
    timed.at = at;
    if (at < timed.queuedAt) this.rise(timed, at);
  }

  /** The earliest deadline, or Infinity. */
  next(): number {
    for (let top = this.heap[0]; top !== undefined; top = this.heap[0]) {
      if (top.at === top.queuedAt) return top.at;
      if (top.at === Infinity) this.pop();
      else this.sink(top, top.at);
    }
    return Infinity;
  }

  /** Takes out all that are due at `at`, the earliest moment. */
  take(at: number): T[] {
    const due: T[] = [];
    while (this.next() === at) {
      const timed = this.pop();
      timed.at = Infinity;
      due.push(timed);
    }
    return due;
  }

  /** To a moment that is earlier, from wherever it stands. */
  private rise(timed: T, at: number): void {
    const { heap } = this;
    let place = timed.place === NOWHERE ? heap.length : timed.place;
    timed.queuedAt = at;
    while (place > 0) {
      const parent = heap[(place - 1) >> 1] as T;
      if (!before(timed, parent)) break;
      this.put(parent, place);
      place = (place - 1) >> 1;
    }
    this.put(timed, place);
  }

  /** To a moment that is later, from the top. */
  private sink(timed: T, at: number): void {
    const { heap } = this;
    timed.queuedAt = at;
    let place = 0;
    for (let child = 1; child < heap.length; child = 2 * place + 1) {
      const [left, right] = [heap[child] as T, heap[child + 1]];
      const earlier = right !== undefined && before(right, left) ? right : left;
      if (!before(earlier, timed)) break;
      const from = earlier.place;
      this.put(earlier, place);
      place = from;
    }
    this.put(timed, place);
  }

  private pop(): T {
    const top = this.heap[0] as T;
    const last = this.heap.pop() as T;
    if (last !== top) this.sink(last, last.queuedAt);
    top.place = NOWHERE;
    top.queuedAt = Infinity;
    return top;
  }

  private put(timed: T, place: number): void {
    this.heap[place] = timed;
    timed.place = place;
  }
}

/** Equal moments go by key, so that order never hangs on the history of the heap. */
const before = (a: Timed, b: Timed): boolean => a.queuedAt < b.queuedAt || (a.queuedAt === b.queuedAt && a.key < b.key);
