import type { LiveMessage } from './wire.ts';

/** So many messages may come at once that the page is drawn once for all of them. */
const BATCH_MS = 30;
/** A browser gives up when the server answers with an error; we do not. */
const TRY_AGAIN_MS = 2_000;

export interface LiveListener {
  connected(): void;
  lost(): void;
  messages(batch: LiveMessage[]): void;
}

/** Follows /api/live, through every loss of the connection, until the returned function is called. */
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
