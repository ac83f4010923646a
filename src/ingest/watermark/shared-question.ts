/**
 * Coalesces concurrent requests: at most one is open, and callers that arrive meanwhile share the next. A caller never
 * gets the response to a request sent before its call.
 */
export class SharedQuestion<T> {
  private open: Promise<T> | null = null;
  private next: Promise<T> | null = null;
  private readonly put: () => Promise<T>;

  constructor(put: () => Promise<T>) {
    this.put = put;
  }

  /** Resolves or rejects with a request that starts now or later. */
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
