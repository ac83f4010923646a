import { OpenAPIHono } from '@hono/zod-openapi';
import type { Hono } from 'hono';
import type { BlankEnv } from 'hono/types';
import { authorize } from './access/authorize.ts';
import type { ApiOptions } from './api.ts';
import { answerError, type ErrorLogger } from './errors.ts';
import { refuseOtherHosts } from './guard.ts';
import { operationsOf } from './openapi/operations.ts';
import type { ApiDeps } from './ports.ts';
import { healthRoutes, metricsRoutes } from './routes/health.ts';

/** `/healthz` and `/metrics` for those who may read them, while the rest of the API is not there yet. */
export function createStatusApi(
  deps: Pick<ApiDeps, 'health' | 'metrics' | 'authenticator'>,
  { allowedHosts = [], logger }: Pick<ApiOptions, 'allowedHosts'> & { logger: ErrorLogger },
): Hono {
  const app = new OpenAPIHono<BlankEnv>();
  app.onError(answerError(logger));
  app.route('/', healthRoutes(deps));
  app.use(refuseOtherHosts(allowedHosts));
  app.use('/metrics', authorize(deps.authenticator, operationsOf(app)));
  app.route('/', metricsRoutes(deps.metrics));
  return app;
}
