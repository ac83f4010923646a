import { rise, sink } from '../primitives/heap.ts';

const NOWHERE = -1;

/** Something with a deadline. Only `Deadlines` writes its fields. */
export class Timed {
  /** Unique. */
  readonly key: string;
  /** Infinity: none. */
  at = Infinity;
  /** Its time in the heap: `at`, or an earlier time if the deadline was postponed since. */
  queuedAt = Infinity;
  /** Its index in the heap, or NOWHERE. */
  place = NOWHERE;

  constructor(key: string) {
    this.key = key;
  }
}

/**
 * Deadlines, earliest first: a binary heap. Postponing one, which nearly every event does, is free: its heap position
 * changes only when the old time comes up. So each deadline has one entry, however many events there are.
 */
export class Deadlines<T extends Timed> {
  private readonly heap: T[] = [];

  /** `Infinity` removes the deadline. */
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

  /** Removes and returns all that are due at `at`, the earliest time. */
  removeDue(at: number): T[] {
    const due: T[] = [];
    while (this.next() === at) {
      const timed = this.pop();
      timed.at = Infinity;
      due.push(timed);
    }
    return due;
  }

  /** Moves to an earlier time, from any position. */
  private rise(timed: T, at: number): void {
    timed.queuedAt = at;
    rise(this.heap, timed, timed.place === NOWHERE ? this.heap.length : timed.place, before, this.put);
  }

  /** Moves to a later time, from the top. */
  private sink(timed: T, at: number): void {
    timed.queuedAt = at;
    sink(this.heap, timed, 0, before, this.put);
  }

  private pop(): T {
    const top = this.heap[0] as T;
    const last = this.heap.pop() as T;
    if (last !== top) this.sink(last, last.queuedAt);
    top.place = NOWHERE;
    top.queuedAt = Infinity;
    return top;
  }

  private readonly put = (timed: T, place: number): void => {
    this.heap[place] = timed;
    timed.place = place;
  };
}

/** Equal times are ordered by key, so that the order never depends on the history of the heap. */
const before = (a: Timed, b: Timed): boolean => a.queuedAt < b.queuedAt || (a.queuedAt === b.queuedAt && a.key < b.key);
