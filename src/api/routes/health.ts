import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { answerMetrics } from '../metrics.ts';
import { json, problems } from '../openapi/responses.ts';
import type { ApiDeps, MetricsPort } from '../ports.ts';
import { health } from '../schemas/service.ts';

const getHealth = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'getHealth',
  tags: ['vigil'],
  summary: 'State of every part',
  responses: { 200: json('vigil works, also if it is degraded', health), 503: json('vigil starts or is down', health) },
});

const getMetrics = createRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'getMetrics',
  tags: ['vigil'],
  summary: 'Metrics for Prometheus',
  responses: {
    200: { description: 'all metrics', content: { 'text/plain': { schema: z.string() } } },
    ...problems(),
  },
});

/** `/healthz`. Any host name may ask. */
export function healthRoutes(report: ApiDeps['health']): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(getHealth, (c) => {
    const now = report();
    c.header('cache-control', 'no-store');
    // A degraded process still works; restarting it would make things worse.
    return now.status === 'ok' || now.status === 'degraded' ? c.json(now, 200) : c.json(now, 503);
  });
  return app;
}

/** `/metrics` */
export function metricsRoutes(metrics: MetricsPort): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(getMetrics, (c) => answerMetrics(c, metrics));
  return app;
}
