import { writeJson } from '../../../core/primitives/text/write-json.ts';
import type { LiveMessage, LivePlace, LivePort } from '../../ports/live.ts';

const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 1_000;
/** A reader with this many unread messages is disconnected and reconnects, so its backlog cannot fill the memory. */
const MAX_WAITING = 1_000;

export interface LiveFilter {
  clientId?: string | undefined;
  ruleId?: string | undefined;
  kind?: LiveMessage['kind'] | undefined;
}

export interface LiveReader {
  /** Where it goes on; absent: with what is new. */
  from?: LivePlace | undefined;
  /** Whether it still has access: asked with every heartbeat. */
  mayGoOn: () => Promise<boolean>;
}

/** The id of a message: where its reader goes on after it. */
export const idOf = ({ event, alert }: LivePlace): string => `${event}-${alert}`;

/**
 * Server-sent events of what the filter wants: what came after `from`, and everything new. Each has the place after it as
 * its id, so that a reader that comes back goes on there. An event `gap` says that the streams lack some of it.
 */
export function openLiveStream(
  live: LivePort,
  filter: LiveFilter,
  { from, mayGoOn }: LiveReader,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const place = from ?? live.place();
  const closed = new AbortController();
  const isOpen = (): boolean => !closed.signal.aborted;
  let roomMade: () => void = () => undefined;
  let unsubscribe: () => void = () => undefined;
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  const close = (): void => {
    closed.abort();
    unsubscribe();
    clearInterval(heartbeat);
    roomMade();
  };

  async function start(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const hasRoom = (): boolean => (controller.desiredSize ?? 0) > 0;
    const send = (text: string): void => {
      if (!isOpen()) return;
      if (hasRoom()) controller.enqueue(encoder.encode(`${text}\n\n`));
      else end();
    };
    const end = (): void => {
      if (!isOpen()) return;
      close();
      controller.close();
    };
    const beat = async (): Promise<void> => {
      const goesOn = await mayGoOn().catch(() => false);
      if (goesOn) send(': still here');
      else end();
    };
    const forward = (message: LiveMessage): void => {
      if (message.sequence <= place[message.kind]) return;
      place[message.kind] = message.sequence;
      if (isWanted(message, filter)) send(`id: ${idOf(place)}\ndata: ${writeJson(message)}`);
    };
    /** Resolves once the reader has everything up to now, and hears of what is new. */
    const catchUp = async (): Promise<void> => {
      while (isOpen()) {
        const fresh: LiveMessage[] = [];
        unsubscribe = live.subscribe((message) => {
          if (fresh.length <= MAX_WAITING) fresh.push(message);
        });
        const until = live.place();
        const past = await live.since({ ...place }, filter.clientId);
        if (past === null) send(`id: ${idOf(until)}\nevent: gap\ndata: {}`);
        for await (const messages of past ?? [])
          for (const message of messages) {
            while (isOpen() && !hasRoom()) await new Promise<void>((resolve) => (roomMade = resolve));
            forward(message);
          }
        // The rest is not wanted, or cannot be read any more.
        for (const kind of ['event', 'alert'] as const)
          place[kind] = past === null ? until[kind] : Math.max(place[kind], until[kind]);
        unsubscribe();
        // More is new than it may hold: it is in the streams.
        if (fresh.length > MAX_WAITING) continue;
        fresh.forEach(forward);
        if (isOpen()) unsubscribe = live.subscribe(forward);
        return;
      }
    };
    send(`retry: ${RECONNECT_MS}`);
    heartbeat = setInterval(() => void beat(), HEARTBEAT_MS);
    if (from === undefined) unsubscribe = live.subscribe(forward);
    else await catchUp();
  }

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        start(controller).catch(() => {
          if (!isOpen()) return;
          close();
          // The reader comes back, and goes on where it was; /healthz says why NATS cannot be read.
          controller.close();
        });
      },
      pull: () => roomMade(),
      cancel: close,
    },
    new CountQueuingStrategy({ highWaterMark: MAX_WAITING }),
  );
}

function isWanted(message: LiveMessage, { clientId, ruleId, kind }: LiveFilter): boolean {
  const owner = message.kind === 'event' ? message.clientId : message.alert.data.clientId;
  return (
    (clientId === undefined || owner === clientId) &&
    (kind === undefined || message.kind === kind) &&
    (ruleId === undefined || (message.kind === 'alert' && message.alert.data.ruleId === ruleId))
  );
}
