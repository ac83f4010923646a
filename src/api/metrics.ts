import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { MetricsPort } from './ports/service.ts';

/** Responds with all metrics in the Prometheus text format. */
export async function answerMetrics(c: Context, metrics: MetricsPort) {
  return c.text(await metrics.text(), 200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
}

/** Measures requests by route pattern, not by path: the number of paths is unbounded. */
export function measureRequests({ httpSeconds }: MetricsPort): MiddlewareHandler {
  return async (c, next) => {
    const startMs = performance.now();
    await next();
    const labels = { method: c.req.method, route: routePath(c), status: c.res.status };
    httpSeconds.observe(labels, (performance.now() - startMs) / 1_000);
  };
}
