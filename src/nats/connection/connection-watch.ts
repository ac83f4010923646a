import { Events, type NatsConnection } from 'nats';

/** Returns a function that reports whether the connection is up; the client reconnects by itself. */
export function watchNats(nats: NatsConnection): () => 'up' | 'down' {
  let connected = true;
  void (async () => {
    for await (const { type } of nats.status()) {
      if (type === Events.Disconnect) connected = false;
      if (type === Events.Reconnect) connected = true;
    }
  })();
  return () => (connected && !nats.isClosed() ? 'up' : 'down');
}
