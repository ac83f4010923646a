import { Events, type KV, type KvEntry, type NatsConnection, type QueuedIterator } from 'nats';

/**
 * Every entry of a bucket as it stands, `onCaughtUp`, then every change, in order and once, whatever becomes of the
 * connection. Resolves with what ends it.
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
      // The server may have forgotten the watch. The client finds out by itself, after a quarter of a minute: should a
      // new watch fail, that is what remains.
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
