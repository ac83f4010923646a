import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { ID_PATTERN } from '../../../core/model/ids.ts';
import { clientOf, identify } from '../../access/authorize.ts';
import { tokenOf } from '../../access/session.ts';
import { problems } from '../../openapi/responses.ts';
import type { ApiDeps } from '../../ports.ts';
import type { LivePlace } from '../../ports/live.ts';
import { liveMessage } from '../../schemas/live.ts';
import { openLiveStream } from './live-stream.ts';

const HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

const place = z
  .string()
  .regex(/^\d{1,15}-\d{1,15}$/, 'Last-Event-ID must be the id of an event of this stream.')
  .transform((text): LivePlace => {
    const [event = 0, alert = 0] = text.split('-').map(Number);
    return { event, alert };
  })
  .openapi({ type: 'string', description: 'the id of the last event that you have' });

const followLive = createRoute({
  method: 'get',
  path: '/live',
  operationId: 'followLive',
  tags: ['Events', 'Alerts'],
  summary: 'Follow events and alerts',
  description:
    'New events and alerts as server-sent events, each with a LiveMessage as JSON. vigil disconnects a reader that is too slow. A reader that sends the id of its last event as `Last-Event-ID`, as browsers do, gets what it has missed; an event `gap` says that the streams no longer have all of it.',
  request: {
    query: z.object({
      client: z
        .string()
        .regex(ID_PATTERN, '"client" must be a client id.')
        .optional()
        .openapi({ description: 'only those of this client' }),
      rule: z.string().optional().openapi({ description: 'only alerts of this rule' }),
      kind: z.enum(['event', 'alert']).optional().openapi({ description: 'only events, or only alerts' }),
    }),
    headers: z.object({ 'last-event-id': place.optional() }),
  },
  responses: {
    200: { description: 'the stream', content: { 'text/event-stream': { schema: liveMessage } } },
    ...problems('REQUEST_INVALID'),
  },
});

/** `/live` */
export function liveRoutes({ live, authenticator }: Pick<ApiDeps, 'live' | 'authenticator'>): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(followLive, (c) => {
    if (c.req.method === 'HEAD') return c.body(null, 200, HEADERS);
    const { client, rule: ruleId, kind } = c.req.valid('query');
    const clientId = clientOf(c, client);
    const mayGoOn = async (): Promise<boolean> => (await identify(authenticator, tokenOf(c))) !== null;
    return c.body(
      openLiveStream(live, { clientId, ruleId, kind }, { from: c.req.valid('header')['last-event-id'], mayGoOn }),
      200,
      HEADERS,
    );
  });
  return app;
}
