/**
 * One question for all who ask it: at most one is open, and all who come meanwhile share the next. So an answer is never to a question
 * that was put before its asker came.
 */
export class SharedQuestion<T> {
  private open: Promise<T> | null = null;
  private next: Promise<T> | null = null;
  private readonly put: () => Promise<T>;

  constructor(put: () => Promise<T>) {
    this.put = put;
  }

  /** The answer of a question that begins now or later. Rejects as that does. */
  ask(): Promise<T> {
    if (this.next !== null) return this.next;
    if (this.open === null) return this.begin();
    const begin = (): Promise<T> => this.begin();
    return (this.next = this.open.then(begin, begin));
  }

  private begin(): Promise<T> {
    this.next = null;
    return (this.open = this.put().finally(() => (this.open = null)));
  }
}
