import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { VigilError } from '../../core/primitives/errors.ts';
import { json, problems } from '../openapi/responses.ts';
import type { ApiDeps } from '../ports.ts';
import type { Poller, ProcessesPort } from '../ports/service.ts';
import { processList } from '../schemas/processes.ts';

const listProcesses = createRoute({
  method: 'get',
  path: '/processes',
  operationId: 'listProcesses',
  tags: ['vigil'],
  summary: 'List the processes of vigil',
  description: 'Those that NATS has heard of in the last minute, and the workers that ask Temporal for tasks.',
  responses: { 200: json('the processes', processList), ...problems('NATS_UNREACHABLE') },
});

/** `/processes` */
export function processRoutes({ processes: port }: Pick<ApiDeps, 'processes'>): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(listProcesses, async (c) => {
    const [processes, pollers] = await Promise.all([port.list(), pollersOf(port)]);
    return c.json({ processes, pollers }, 200);
  });
  return app;
}

/** Null: Temporal does not answer. The processes are then of all the more interest. */
async function pollersOf(port: ProcessesPort): Promise<Poller[] | null> {
  try {
    return await port.pollers();
  } catch (error) {
    if (error instanceof VigilError && error.code === 'TEMPORAL_UNREACHABLE') return null;
    throw error;
  }
}
