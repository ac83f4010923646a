import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { identify } from '../access/authorize.ts';
import { tokenOf } from '../access/session.ts';
import { answerMetrics } from '../metrics.ts';
import { json, problems } from '../openapi/responses.ts';
import type { ApiDeps } from '../ports.ts';
import type { HealthReport, MetricsPort } from '../ports/service.ts';
import { health } from '../schemas/service.ts';

const getHealth = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'getHealth',
  tags: ['vigil'],
  summary: 'State of every part',
  description: 'The reasons are only for those who have access to all clients.',
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

/** `/healthz`. Anybody may ask; only those who have access to all clients hear the reasons, which name clients. */
export function healthRoutes({
  health: report,
  authenticator,
}: Pick<ApiDeps, 'health' | 'authenticator'>): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(getHealth, async (c) => {
    const access = await identify(authenticator, tokenOf(c));
    const now = access?.clientId === null ? report() : withoutReasons(report());
    c.header('cache-control', 'no-store');
    // A degraded process still works; restarting it would make things worse.
    return now.status === 'ok' || now.status === 'degraded' ? c.json(now, 200) : c.json(now, 503);
  });
  return app;
}

const withoutReasons = ({ parts, ...others }: HealthReport): HealthReport => ({
  ...others,
  parts: Object.fromEntries(Object.entries(parts).map(([name, { state }]) => [name, { state }])),
  reasons: [],
});

/** `/metrics` */
export function metricsRoutes(metrics: MetricsPort): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(getMetrics, (c) => answerMetrics(c, metrics));
  return app;
}
