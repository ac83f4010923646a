import { z } from '@hono/zod-openapi';
import { alertEnvelope } from './alerts/alerts.ts';

export const liveMessage = z
  .union([
    z.object({
      kind: z.literal('event'),
      clientId: z.string(),
      type: z.string(),
      sequence: z.int(),
      time: z.iso.datetime(),
      data: z.record(z.string(), z.unknown()),
    }),
    z.object({ kind: z.literal('alert'), sequence: z.int(), alert: alertEnvelope }),
  ])
  .openapi('LiveMessage');
