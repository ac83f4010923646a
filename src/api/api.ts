import { Hono } from 'hono';
import { jsonBytes } from '../core/primitives/text/bytes.ts';
import { checkEvent } from './check-event.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { answerError, RequestError, type ErrorLogger } from './errors.ts';
import { explainRoutes } from './explain.ts';
import { refuseOtherHosts, refuseOtherOrigins } from './guard.ts';
import { liveRoutes } from './live.ts';
import { machineRoutes } from './machines.ts';
import { answerMetrics, measureRequests } from './metrics.ts';
import { pageRoutes } from './page.ts';
import type { ApiDeps } from './ports.ts';
import { clientIdOf, eventTypeOf, limitBody, limitJson, readEvent } from './request.ts';
import { ruleRoutes } from './rules.ts';
import { versionRoutes } from './versions.ts';

export interface ApiOptions {
  /** Public host names of vigil, for example behind a proxy. Local names and IP addresses are always allowed. */
  allowedHosts?: readonly string[];
  logger?: ErrorLogger;
}

const stderrLogger: ErrorLogger = { error: (fields, text) => console.error(text, fields) };

/** The HTTP API and the console. Error responses are `{error: {code, message, fields}}`. */
export function createApi(deps: ApiDeps, { allowedHosts = [], logger = stderrLogger }: ApiOptions = {}): Hono {
  const app = new Hono();
  app.onError(answerError(logger));
  app.notFound((c) => {
    const { method, path } = c.req;
    const allowed = methodsAt(app, path);
    if (allowed.length > 0) {
      c.header('allow', allowed.join(', '));
      throw new RequestError('METHOD_NOT_ALLOWED', `It allows ${allowed.join(', ')}.`, { method, path, allowed });
    }
    throw new RequestError('NOT_FOUND', 'See the API table in the README.', {
      method,
      path,
    });
  });

  const { metrics } = deps;
  app.use(measureRequests(metrics));
  app.get('/healthz', (c) => {
    const report = deps.health();
    // A degraded process still works; restarting it would make things worse. So it answers 200.
    const works = report.status === 'ok' || report.status === 'degraded';
    return c.json(report, works ? 200 : 503, { 'cache-control': 'no-store' });
  });

  app.use(refuseOtherHosts(allowedHosts), refuseOtherOrigins, limitBody);
  app.get('/metrics', (c) => answerMetrics(c, metrics));
  app.route('/api', apiRoutes(deps));
  app.route('/', pageRoutes());
  return app;
}

/** The methods of the routes that a path matches. */
function methodsAt({ routes }: Hono, path: string): string[] {
  const isAt = (pattern: string): boolean => new RegExp(`^${pattern.replaceAll(/:\w+/g, '[^/]+')}$`).test(path);
  const methods = routes.filter((route) => route.method !== 'ALL' && isAt(route.path)).map((route) => route.method);
  return [...new Set(methods)].sort();
}

function apiRoutes(deps: ApiDeps): Hono {
  const api = new Hono();
  api.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
  });

  api.get('/links', (c) => c.json(deps.links));
  api.get('/clients', async (c) => {
    const simulated = deps.machines?.list().map((machine) => machine.clientId) ?? [];
    return c.json({ clients: [...new Set([...(await deps.rules.clients()), ...simulated])].sort() });
  });
  api.post('/clients/:clientId/events/:type', async (c) => {
    const [clientId, type] = [clientIdOf(c), eventTypeOf(c)];
    const event = await readEvent(c);
    checkEvent(`events.${clientId}.${type}`, event);
    limitJson(jsonBytes(event));
    return c.json(await deps.events.publish(clientId, type, event), 202);
  });
  api.post('/clients/:clientId/test-alert', async (c) =>
    c.json(await deps.events.publishTestAlert(clientIdOf(c)), 202),
  );
  api.route('/', ruleRoutes(deps));
  api.route('/', explainRoutes(deps));
  api.route('/', versionRoutes(deps));
  api.route('/', deadLetterRoutes(deps.deadLetters));
  api.route('/', machineRoutes(deps.machines));
  api.route('/', liveRoutes(deps.live));
  return api;
}
