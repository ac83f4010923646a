import type { LiveMessage } from './wire.ts';

/** Messages are batched for this time, to render once per batch. */
const BATCH_MS = 30;
/** An EventSource does not reconnect after an error response, so this code does. */
const TRY_AGAIN_MS = 2_000;

export interface LiveListener {
  connected(): void;
  lost(): void;
  messages(batch: LiveMessage[]): void;
}

/** Subscribes to /api/live and reconnects until the returned function is called. */
export function followLive(listener: LiveListener): () => void {
  let source: EventSource;
  let batch: LiveMessage[] = [];
  let again: ReturnType<typeof setTimeout> | undefined;

  const deliver = (): void => {
    const messages = batch;
    batch = [];
    listener.messages(messages);
  };
  const open = (): void => {
    source = new EventSource('/api/live');
    source.onopen = () => listener.connected();
    source.onmessage = ({ data }: MessageEvent<string>) => {
      if (batch.push(JSON.parse(data) as LiveMessage) === 1) setTimeout(deliver, BATCH_MS);
    };
    source.onerror = () => {
      listener.lost();
      if (source.readyState === EventSource.CLOSED) again = setTimeout(open, TRY_AGAIN_MS);
    };
  };

  open();
  return () => {
    clearTimeout(again);
    source.close();
  };
}
