import { Hono } from 'hono';
import { answerMetrics } from '../api/metrics.ts';
import { answerProblem } from '../api/problem.ts';
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
      const detail = 'See /healthz for the progress.';
      return answerProblem(c, { code: 'STARTING', status: 503, title: 'vigil is starting.', detail });
    });
  }

  open(api: Hono): void {
    this.api = api;
  }
}
