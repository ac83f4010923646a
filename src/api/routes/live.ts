import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { writeJson } from '../../core/primitives/text/write-json.ts';
import { problems } from '../openapi/responses.ts';
import type { LiveMessage, LivePort } from '../ports.ts';
import { liveMessage } from '../schemas/live.ts';

const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 1_000;
/** A reader with this many unread messages is disconnected and reconnects, so its backlog cannot fill the memory. */
const MAX_WAITING = 1_000;

const HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

const followLive = createRoute({
  method: 'get',
  path: '/live',
  operationId: 'followLive',
  tags: ['Events', 'Alerts'],
  summary: 'Follow events and alerts',
  description:
    'New events and alerts as server-sent events, each with a LiveMessage as JSON. vigil disconnects a reader that is too slow.',
  request: { query: z.object({ client: z.string().optional().openapi({ description: 'only those of this client' }) }) },
  responses: {
    200: { description: 'the stream', content: { 'text/event-stream': { schema: liveMessage } } },
    ...problems(),
  },
});

/** `/live` */
export function liveRoutes(live: LivePort): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(followLive, (c) => {
    if (c.req.method === 'HEAD') return c.body(null, 200, HEADERS);
    const { client } = c.req.valid('query');
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
