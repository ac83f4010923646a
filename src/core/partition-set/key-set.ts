/** Keys of partitions that satisfy, the longest first. */
export interface KeySet extends Iterable<string> {
  size: number;
  has(key: string): boolean;
  add(key: string): unknown;
  delete(key: string): unknown;
}

/** Very many, of whom only some are known by their keys. */
export class PartialKeySet implements KeySet {
  size: number;
  private readonly known: Set<string>;

  constructor(size: number, known: Iterable<string>) {
    this.size = size;
    this.known = new Set(known);
  }

  has(key: string): boolean {
    return this.known.has(key);
  }

  add(key: string): void {
    this.known.add(key);
  }

  delete(key: string): void {
    this.known.delete(key);
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.known.values();
  }
}
