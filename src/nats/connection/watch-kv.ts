import { Events, type KV, type KvEntry, type NatsConnection, type QueuedIterator } from 'nats';

/**
 * Reports every current entry of a bucket, calls `onCaughtUp`, then reports every change in order, exactly once, across
 * reconnects. Resolves with a function that stops it.
 */
export async function watchKv(
  nats: NatsConnection,
  kv: KV,
  onEntry: (entry: KvEntry) => void,
  onCaughtUp: () => void,
): Promise<() => void> {
  let newest = 0;
  const read = async (entries: QueuedIterator<KvEntry>): Promise<void> => {
    for await (const entry of entries) {
      if (entry.revision <= newest) continue;
      newest = entry.revision;
      onEntry(entry);
    }
  };
  let watcher = await kv.watch({ initializedFn: onCaughtUp });
  void read(watcher);

  const ended = new AbortController();
  const isEnded = (): boolean => ended.signal.aborted;
  void (async () => {
    for await (const { type } of nats.status()) {
      if (isEnded()) break;
      if (type !== Events.Reconnect) continue;
      // The server can lose the watch during a disconnect. The client detects that by itself after 15 s, which is the
      // fallback if a new watch fails.
      const next = await kv.watch({ resumeFromRevision: newest + 1 }).catch(() => undefined);
      if (next === undefined) continue;
      watcher.stop();
      watcher = next;
      void read(watcher);
      if (isEnded()) watcher.stop();
    }
  })();
  return () => {
    ended.abort();
    watcher.stop();
  };
}

/** watchKv that resolves after the current entries have been reported. */
export async function watchLoaded(
  nats: NatsConnection,
  kv: KV,
  onEntry: (entry: KvEntry) => void,
): Promise<() => void> {
  let caughtUp: (() => void) | undefined;
  const complete = new Promise<void>((resolve) => (caughtUp = resolve));
  const end = await watchKv(nats, kv, onEntry, () => caughtUp?.());
  await complete;
  return end;
}
