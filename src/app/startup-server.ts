import { Hono } from 'hono';
import { answerMetrics } from '../api/metrics.ts';
import type { HealthReport, MetricsPort } from '../api/ports.ts';

/** Serves /healthz and /metrics during the start; all other paths answer 503 until the API is open. */
export class StartupServer {
  readonly app = new Hono();
  private api: Hono | null = null;

  constructor(report: () => HealthReport, metrics: MetricsPort) {
    this.app.all('*', async (c) => {
      if (this.api !== null) return this.api.fetch(c.req.raw, c.env);
      if (c.req.path === '/metrics') return answerMetrics(c, metrics);
      c.header('retry-after', '1');
      if (c.req.path === '/healthz') return c.json(report(), 503);
      return c.json(
        { error: { code: 'STARTING', message: 'vigil is starting; see /healthz for the progress.', fields: {} } },
        503,
      );
    });
  }

  open(api: Hono): void {
    this.api = api;
  }
}
