import { Hono } from 'hono';
import { writeJson } from '../core/primitives/text/write-json.ts';
import type { LiveMessage, LivePort } from './ports.ts';

const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 1_000;
/** A reader with this many unread messages is disconnected and reconnects, so its backlog cannot fill the memory. */
const MAX_WAITING = 1_000;

const HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

/** `/live`: new events and alerts as server-sent events; `?client=` limits them to one client. */
export function liveRoutes(live: LivePort): Hono {
  const app = new Hono();
  app.get('/live', (c) => {
    if (c.req.method === 'HEAD') return c.body(null, 200, HEADERS);
    const client = c.req.query('client');
    const wanted = (message: LiveMessage): boolean => client === undefined || clientOf(message) === client;
    return c.body(openStream(live, wanted), 200, HEADERS);
  });
  return app;
}

const clientOf = (message: LiveMessage): string =>
  message.kind === 'event' ? message.clientId : message.alert.data.clientId;

function openStream(live: LivePort, wanted: (message: LiveMessage) => boolean): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let close = (): void => undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string): void => {
          if ((controller.desiredSize ?? 0) > 0) return controller.enqueue(encoder.encode(`${text}\n\n`));
          close();
          controller.close();
        };
        send(`retry: ${RECONNECT_MS}`);
        const unsubscribe = live.subscribe((message) => {
          if (wanted(message)) send(`data: ${writeJson(message)}`);
        });
        const heartbeat = setInterval(send, HEARTBEAT_MS, ': still here');
        close = () => {
          unsubscribe();
          clearInterval(heartbeat);
        };
      },
      cancel: () => close(),
    },
    new CountQueuingStrategy({ highWaterMark: MAX_WAITING }),
  );
}
