import { z } from '@hono/zod-openapi';
import { next } from './shared/pages.ts';

/* Answers about vigil itself, and about what it has accepted. */

export const partState = z.enum(['starting', 'up', 'degraded', 'down', 'off']);

export const health = z
  .object({
    status: z
      .enum(['ok', 'degraded', 'starting', 'down'])
      .openapi({ description: 'ok if every part that runs is up and nothing needs attention' }),
    parts: z.record(z.string(), z.object({ state: partState, detail: z.string().optional() })),
    reasons: z
      .array(
        z.object({
          part: z.string(),
          code: z.string(),
          message: z.string(),
          since: z.string(),
          fields: z.record(z.string(), z.unknown()),
        }),
      )
      .openapi({ description: 'why parts are degraded: the 20 oldest reasons, oldest first' }),
    reasonCount: z.int().openapi({ description: 'number of all reasons' }),
  })
  .openapi('Health');

export const links = z
  .object({
    temporalUi: z.string().nullable(),
    temporalNamespace: z.string().openapi({ description: 'the namespace of the workflows, for links into that UI' }),
    nats: z.string(),
  })
  .openapi('Links');

export const clientList = z.object({ clients: z.array(z.string()), next }).openapi('ClientList');

export const testAlert = z.object({ id: z.string().openapi({ description: 'id of the alert' }) }).openapi('TestAlert');
