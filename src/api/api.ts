import { OpenAPIHono } from '@hono/zod-openapi';
import type { Hono, MiddlewareHandler } from 'hono';
import { except } from 'hono/combine';
import { cors } from 'hono/cors';
import type { BlankEnv } from 'hono/types';
import { idReader, type IdOf } from '../core/model/event/event-id.ts';
import { authorize, authorizeClient } from './access/authorize.ts';
import { recordChanges } from './audit/record-changes.ts';
import { answerError, RequestError, type ErrorLogger } from './errors.ts';
import { refuseOtherHosts, refuseOtherOrigins } from './guard.ts';
import { measureRequests } from './metrics.ts';
import { openApiDocument } from './openapi/document.ts';
import { operationsOf } from './openapi/operations.ts';
import { pageRoutes } from './page.ts';
import type { ApiDeps } from './ports.ts';
import { limitBody } from './requests/body.ts';
import { refuseInvalid } from './requests/invalid.ts';
import { alertActionRoutes } from './routes/alerts/act-on-alerts.ts';
import { closeOrphanedRoutes } from './routes/alerts/close-orphaned.ts';
import { alertValueRoutes } from './routes/alerts/alert-values.ts';
import { alertListRoutes } from './routes/alerts/list-alerts.ts';
import { alertRoutes } from './routes/alerts/one-alert.ts';
import { sessionRoutes } from './routes/access/session.ts';
import { tokenRoutes } from './routes/access/tokens.ts';
import { auditRoutes } from './routes/audit.ts';
import { codecRoutes } from './routes/codec.ts';
import { clientRoutes } from './routes/clients.ts';
import { clientPauseRoutes } from './routes/pause-client.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { docsRoutes } from './routes/docs.ts';
import { eventRoutes } from './routes/events.ts';
import { eventPropertyRoutes } from './routes/event-properties.ts';
import { explainRoutes } from './routes/rules/partition-sets/explain.ts';
import { healthRoutes, metricsRoutes } from './routes/health.ts';
import { liveRoutes } from './routes/live/live.ts';
import { machineRoutes } from './routes/machines.ts';
import { partitionRoutes } from './routes/rules/partition-sets/partitions.ts';
import { resetRoutes } from './routes/rules/reset-rule.ts';
import { processRoutes } from './routes/processes.ts';
import { quotaRoutes } from './routes/quotas.ts';
import { previewRoutes } from './routes/rules/preview.ts';
import { partitionSetRoutes } from './routes/rules/partition-sets/partition-sets.ts';
import { ruleListRoutes } from './routes/rules/list-rules.ts';
import { rulePauseRoutes } from './routes/rules/pause-rule.ts';
import { ruleSwitchRoutes } from './routes/rules/switch-rule.ts';
import { ruleRoutes } from './routes/rules/one-rule.ts';
import { versionRoutes } from './routes/rules/versions.ts';

export interface ApiOptions {
  /** Public host names of vigil, for example behind a proxy. Local names and IP addresses are always allowed. */
  allowedHosts?: readonly string[];
  logger?: ErrorLogger;
  /** Path of the property of events that has their id. */
  eventId?: string | undefined;
}

const stderrLogger: ErrorLogger = { error: (fields, text) => console.error(text, fields) };

/** The HTTP API and the console. */
export function createApi(deps: ApiDeps, { allowedHosts = [], logger = stderrLogger, eventId }: ApiOptions = {}): Hono {
  const app = new OpenAPIHono<BlankEnv>({ defaultHook: refuseInvalid });
  app.onError(answerError(logger));
  app.notFound((c) => {
    const { method, path } = c.req;
    const allowed = methodsAt(app, path);
    if (allowed.length > 0) {
      c.header('allow', allowed.join(', '));
      throw new RequestError('METHOD_NOT_ALLOWED', `It allows ${allowed.join(', ')}.`, { method, path, allowed });
    }
    throw new RequestError('NOT_FOUND', 'See GET /api/docs.', { method, path });
  });

  app.use(measureRequests(deps.metrics));
  app.route('/', healthRoutes(deps));
  app.use(refuseOtherHosts(allowedHosts));
  for (const each of forTemporalUi(deps.links.temporalUi)) app.use(CODEC, each);
  app.use(except(CODEC, refuseOtherOrigins(), limitBody()));
  const authorized = authorize(deps.authenticator, operationsOf(app));
  app.use('/metrics', authorized);
  app.route('/', metricsRoutes(deps.metrics));
  app.route('/api', apiRoutes(deps, { authorized, document: () => openApiDocument(app), idOf: idReader(eventId) }));
  app.route('/', pageRoutes());
  return app;
}

const CODEC = '/api/codec/*';
/** A payload has 2 MB at most, and a page of a history 4 MB; base64 makes them a third longer. */
const MAX_CODEC_BYTES = 8 * 1024 * 1024;

/** The page of Temporal's UI may use the codec, with the login of its user. */
function forTemporalUi(address: string | null): MiddlewareHandler[] {
  const origins = address === null ? [] : [new URL(address).origin];
  const allow = cors({ origin: origins, allowMethods: ['POST'], credentials: true });
  return [allow, refuseOtherOrigins(origins), limitBody(MAX_CODEC_BYTES)];
}

/** The methods of the routes that a path matches. */
function methodsAt({ routes }: Pick<Hono, 'routes'>, path: string): string[] {
  const isAt = (pattern: string): boolean => new RegExp(`^${pattern.replaceAll(/:\w+/g, '[^/]+')}$`).test(path);
  const methods = routes.filter((route) => route.method !== 'ALL' && isAt(route.path)).map((route) => route.method);
  return [...new Set(methods)].sort();
}

function apiRoutes(
  deps: ApiDeps,
  { authorized, document, idOf }: { authorized: MiddlewareHandler; document: () => object; idOf: IdOf },
): OpenAPIHono {
  const api = new OpenAPIHono();
  api.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
  });
  api.use(recordChanges(deps.audit));
  api.use(authorized);
  api.use('/clients/:clientId/*', authorizeClient);
  const { rules } = deps;
  api.route('/', clientRoutes(deps));
  api.route('/', eventRoutes(deps, idOf));
  api.route('/', eventPropertyRoutes(deps));
  api.route('/', ruleListRoutes(deps));
  api.route('/', ruleRoutes(rules));
  api.route('/', ruleSwitchRoutes(rules));
  api.route('/', rulePauseRoutes(deps));
  api.route('/', clientPauseRoutes(deps));
  api.route('/', quotaRoutes(deps));
  api.route('/', versionRoutes(rules));
  api.route('/', previewRoutes(deps));
  api.route('/', explainRoutes(deps));
  api.route('/', partitionSetRoutes(deps));
  api.route('/', partitionRoutes(deps));
  api.route('/', resetRoutes(deps));
  api.route('/', alertListRoutes(deps.alerts));
  api.route('/', alertRoutes(deps.alerts));
  api.route('/', alertValueRoutes(deps));
  api.route('/', alertActionRoutes(deps));
  api.route('/', closeOrphanedRoutes(deps));
  api.route('/', deadLetterRoutes(deps.deadLetters));
  api.route('/', codecRoutes(deps.codec));
  api.route('/', auditRoutes(deps.audit));
  api.route('/', processRoutes(deps));
  api.route('/', tokenRoutes(deps));
  api.route('/', sessionRoutes(deps.authenticator));
  api.route('/', machineRoutes(deps.machines));
  api.route('/', liveRoutes(deps));
  api.route('/', docsRoutes(document));
  return api;
}
