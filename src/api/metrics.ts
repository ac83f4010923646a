import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { MetricsPort } from './ports.ts';

export async function answerMetrics(c: Context, metrics: MetricsPort): Promise<Response> {
  return c.body(await metrics.text(), 200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
}

/** Measures requests by the route that answered, as it is declared: addresses are without number. */
export function measureRequests({ httpSeconds }: MetricsPort): MiddlewareHandler {
  return async (c, next) => {
    const startMs = performance.now();
    await next();
    const labels = { method: c.req.method, route: routePath(c), status: c.res.status };
    httpSeconds.observe(labels, (performance.now() - startMs) / 1_000);
  };
}
