/*
 * Binary heaps in arrays, first item at index 0. `put` stores an item at a place, so that items may know their places.
 * Both cost O(log n).
 */

type IsBefore<T> = (a: T, b: T) => boolean;
type Put<T> = (item: T, place: number) => void;

/** Moves an item from a place towards the top. Returns where it is then. */
export function rise<T>(heap: readonly T[], item: T, from: number, isBefore: IsBefore<T>, put: Put<T>): number {
  let place = from;
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above] as T;
    if (!isBefore(item, parent)) break;
    put(parent, place);
    place = above;
  }
  put(item, place);
  return place;
}

/** Moves an item from a place away from the top. */
export function sink<T>(heap: readonly T[], item: T, from: number, isBefore: IsBefore<T>, put: Put<T>): void {
  let place = from;
  for (let child = 2 * place + 1; child < heap.length; child = 2 * place + 1) {
    const right = child + 1;
    const next = right < heap.length && isBefore(heap[right] as T, heap[child] as T) ? right : child;
    if (!isBefore(heap[next] as T, item)) break;
    put(heap[next] as T, place);
    place = next;
  }
  put(item, place);
}
