/** Keys of the partitions that satisfy, oldest first. */
export interface KeySet extends Iterable<string> {
  size: number;
  has(key: string): boolean;
  add(key: string): unknown;
  delete(key: string): unknown;
}

/** A set of known size of which only some keys are known. */
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
