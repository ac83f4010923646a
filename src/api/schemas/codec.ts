import { z } from '@hono/zod-openapi';

/** A payload of Temporal as JSON: its bytes in base64. */
const payload = z
  .object({
    metadata: z
      .record(z.string(), z.string())
      .nullish()
      .openapi({ description: 'values in base64; `encoding` says what the data is' }),
    data: z.string().nullish().openapi({ description: 'base64' }),
  })
  .openapi('Payload');

export type PayloadJson = z.infer<typeof payload>;

export const payloads = z.object({ payloads: z.array(payload) }).openapi('Payloads');
