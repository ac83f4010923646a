import { z } from '@hono/zod-openapi';
import { partState } from './service.ts';

const at = z.iso.datetime();

const vigilProcess = z
  .object({
    id: z.string(),
    host: z.string(),
    pid: z.int(),
    version: z.string().openapi({ description: 'of vigil' }),
    startedAt: at,
    lastSeenAt: at.openapi({ description: 'its last heartbeat, by the clock of NATS; it sends one every 5 seconds' }),
    parts: z.record(z.string(), partState).openapi({ description: 'by name, as in `/healthz` of that process' }),
    lanes: z.array(z.int()).openapi({ description: 'lanes of the event stream that it reads' }),
  })
  .openapi('VigilProcess');

const poller = z
  .object({
    identity: z.string().openapi({ description: 'of the worker in Temporal: `pid@host`' }),
    polledAt: at.openapi({ description: 'when it last asked for a task' }),
  })
  .openapi('Poller');

export const processList = z
  .object({
    processes: z.array(vigilProcess).openapi({ description: 'heard of in the last minute, oldest start first' }),
    pollers: z
      .union([z.array(poller), z.null()])
      .openapi({ description: 'workers that ask Temporal for tasks; null if Temporal does not answer' }),
  })
  .openapi('ProcessList');

export type VigilProcess = z.infer<typeof vigilProcess>;
export type Poller = z.infer<typeof poller>;
