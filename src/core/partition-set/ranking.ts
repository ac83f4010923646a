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
    const { heap } = this;
    let place = from;
    for (let parent = heap[(place - 1) >> 1]; place > 0 && parent !== undefined; parent = heap[(place - 1) >> 1]) {
      if (inOrder(ranked, parent) >= 0) break;
      this.put(parent, place);
      place = (place - 1) >> 1;
    }
    for (let child = this.firstChild(place); child !== undefined && child !== ranked; child = this.firstChild(place)) {
      if (inOrder(ranked, child) <= 0) break;
      const below = child.place;
      this.put(child, place);
      place = below;
    }
    this.put(ranked, place);
  }

  private firstChild(place: number): Ranked | undefined {
    const [left, right] = [this.heap[2 * place + 1], this.heap[2 * place + 2]];
    return left !== undefined && right !== undefined && inOrder(right, left) < 0 ? right : left;
  }

  private put(ranked: Ranked, place: number): void {
    this.heap[place] = ranked;
    ranked.place = place;
  }
}

/** Equal numbers are ordered by key, so that the order never depends on the history of the heap. */
const inOrder = (a: Ranked, b: Ranked): number => b.score - a.score || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
