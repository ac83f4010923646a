import { rise, sink } from '../../primitives/heap.ts';

/** A partition with the number by which it is ranked. */
interface Ranked {
  key: string;
  score: number;
  /** Its index in the heap. */
  place: number;
}

/**
 * Partitions by a number, greatest first: a binary heap in which each knows its place, so that a change or a removal
 * costs O(log n).
 */
export class Ranking {
  private readonly heap: Ranked[] = [];
  private readonly byKey = new Map<string, Ranked>();

  /** The greatest number; undefined if nothing is ranked. */
  get best(): number | undefined {
    return this.heap[0]?.score;
  }

  set(key: string, score: number): void {
    const known = this.byKey.get(key);
    const ranked = known ?? { key, score, place: this.heap.length };
    if (known === undefined) this.byKey.set(key, ranked);
    ranked.score = score;
    this.settle(ranked, ranked.place);
  }

  delete(key: string): void {
    const gone = this.byKey.get(key);
    if (gone === undefined) return;
    this.byKey.delete(key);
    const last = this.heap.pop() as Ranked;
    if (last !== gone) this.settle(last, gone.place);
  }

  /** The keys of the first ones, in order: O(count × count), whatever the number of partitions. */
  first(count: number): string[] {
    const { heap } = this;
    const keys: string[] = [];
    const next = heap.slice(0, 1);
    while (keys.length < count && next.length > 0) {
      const [first] = next.sort(inOrder).splice(0, 1) as [Ranked];
      keys.push(first.key);
      for (const child of [2 * first.place + 1, 2 * first.place + 2]) next.push(...heap.slice(child, child + 1));
    }
    return keys;
  }

  /** Moves a partition from a place to where it belongs. */
  private settle(ranked: Ranked, from: number): void {
    const { heap, put } = this;
    sink(heap, ranked, rise(heap, ranked, from, isBefore, put), isBefore, put);
  }

  private readonly put = (ranked: Ranked, place: number): void => {
    this.heap[place] = ranked;
    ranked.place = place;
  };
}

/** Equal numbers are ordered by key, so that the order never depends on the history of the heap. */
const inOrder = (a: Ranked, b: Ranked): number => b.score - a.score || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

const isBefore = (a: Ranked, b: Ranked): boolean => inOrder(a, b) < 0;
