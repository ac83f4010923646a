import { Hono } from 'hono';
import { answerProblem } from '../api/problem.ts';
import type { HealthReport } from '../api/ports/service.ts';

const STATUS_PATHS: readonly string[] = ['/healthz', '/metrics'];

/**
 * Serves /healthz during the start, and /metrics once it is known who may read it; all other paths answer 503 until the
 * API is open.
 */
export class StartupServer {
  readonly app = new Hono();
  private status: Hono | null = null;
  private api: Hono | null = null;

  /** @param report names no client before the status is open */
  constructor(report: () => HealthReport) {
    this.app.all('*', async (c) => {
      if (this.api !== null) return this.api.fetch(c.req.raw, c.env);
      const { path } = c.req;
      if (this.status !== null && STATUS_PATHS.includes(path)) return this.status.fetch(c.req.raw, c.env);
      c.header('retry-after', '1');
      if (path === '/healthz') return c.json(report(), 503);
      const detail = 'See /healthz for the progress.';
      return answerProblem(c, { code: 'STARTING', status: 503, title: 'vigil is starting.', detail });
    });
  }

  openStatus(status: Hono): void {
    this.status = status;
  }

  open(api: Hono): void {
    this.api = api;
  }
}
