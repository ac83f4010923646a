/** What `inTime` ends with if the time is over. */
export const LATE = Symbol('the time is over');

/**
 * The items until the time is over or the signal is aborted, even if their source does not answer.
 * `endsAtMs`: as performance.now().
 */
export async function* inTime<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal,
  endsAtMs: number,
): AsyncGenerator<Item | typeof LATE> {
  const iterator = items[Symbol.asyncIterator]();
  let giveUp: (why: typeof LATE | null) => void = () => undefined;
  const over = new Promise<typeof LATE | null>((resolve) => (giveUp = resolve));
  const timer = setTimeout(giveUp, Math.max(0, endsAtMs - performance.now()), LATE);
  const onAbort = (): void => giveUp(null);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await Promise.race([iterator.next(), over]);
      signal.throwIfAborted();
      if (next === LATE) yield LATE;
      if (next === LATE || next === null || next.done === true) return;
      yield next.value;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    // Not awaited: it waits for the stream.
    iterator.return?.().catch(() => undefined);
  }
}
