import { z } from '@hono/zod-openapi';
import { quotaOverrides, quotas } from '../../core/model/quotas/quotas.ts';

// Made again: a schema of the core lacks openapi() if it was loaded before it.
export const quotasInput = z
  .strictObject(quotaOverrides.shape)
  .openapi('QuotasInput', { example: { rules: 500, eventsPerSecond: 50 } });

export const clientQuotas = z
  .object({
    clientId: z.string(),
    quotas: z.object(quotas.shape).openapi({ description: 'what holds for the client; null: no quota' }),
    own: z.object(quotaOverrides.shape).openapi({ description: 'those that it has instead of the defaults' }),
    defaults: z.object(quotas.shape).openapi({ description: 'those of clients without own ones' }),
    eventsFrom: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'from when on its newest eventsPerSecond holds; null: it has none' }),
  })
  .openapi('Quotas');
