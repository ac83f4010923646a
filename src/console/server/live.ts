import type { LiveMessage } from './wire.ts';

/** Messages are batched for this time, to render once per batch. */
const BATCH_MS = 30;
/** An EventSource does not reconnect after an error response, so this code does. */
const TRY_AGAIN_MS = 2_000;

export interface LiveListener {
  connected?(): void;
  lost?(): void;
  messages?(batch: readonly LiveMessage[]): void;
}

/** One connection to /api/live, and everybody who listens to it. */
export class LiveFeed {
  private readonly listeners = new Set<LiveListener>();
  private source: EventSource | undefined;
  private batch: LiveMessage[] = [];
  private again: ReturnType<typeof setTimeout> | undefined;
  private isConnected = false;

  open(): void {
    const source = new EventSource('/api/live');
    this.source = source;
    source.onopen = () => {
      this.isConnected = true;
      for (const listener of this.listeners) listener.connected?.();
    };
    source.onmessage = ({ data }: MessageEvent<string>) => {
      if (this.batch.push(JSON.parse(data) as LiveMessage) === 1) setTimeout(() => this.deliver(), BATCH_MS);
    };
    source.onerror = () => {
      this.isConnected = false;
      for (const listener of this.listeners) listener.lost?.();
      if (source.readyState === EventSource.CLOSED) this.again = setTimeout(() => this.open(), TRY_AGAIN_MS);
    };
  }

  /** Calls `connected` at once if the connection is up. Returns how to stop listening. */
  listen(listener: LiveListener): () => void {
    this.listeners.add(listener);
    if (this.isConnected) listener.connected?.();
    return () => void this.listeners.delete(listener);
  }

  close(): void {
    clearTimeout(this.again);
    this.source?.close();
  }

  private deliver(): void {
    const messages = this.batch;
    this.batch = [];
    for (const listener of this.listeners) listener.messages?.(messages);
  }
}
