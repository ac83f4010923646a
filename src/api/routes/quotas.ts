import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { setQuotas, type ClientRecord } from '../../core/model/client-record.ts';
import { QUOTA_KINDS } from '../../core/model/quotas/quota-kinds.ts';
import { quotaOverrides, quotasOf, type QuotaOverrides } from '../../core/model/quotas/quotas.ts';
import { isoTimeOrNull } from '../../core/primitives/text/iso-time.ts';
import { jsonBody } from '../openapi/bodies.ts';
import { json, problems, problemsOfChange } from '../openapi/responses.ts';
import type { ApiDeps } from '../ports.ts';
import { readObject } from '../requests/body.ts';
import { clientParams } from '../schemas/shared/params.ts';
import { clientQuotas } from '../schemas/quotas.ts';

const path = '/clients/{clientId}/quotas';
const tags = ['Clients'];
const answered = { 200: json('the quotas', clientQuotas) };
const CODES = ['REQUEST_INVALID', 'CLIENT_UNREADABLE', 'NATS_UNREACHABLE'] as const;

const getQuotas = createRoute({
  method: 'get',
  path,
  operationId: 'getQuotas',
  tags,
  summary: 'Get the quotas of a client',
  description: 'How much of vigil the client may use.',
  request: { params: clientParams },
  responses: { ...answered, ...problems(...CODES) },
});

const setAll = createRoute({
  method: 'put',
  path,
  operationId: 'setQuotas',
  tags,
  summary: 'Set the quotas of a client',
  description:
    'Replaces its own quotas: what is left out is the default, and null is no quota. `eventsPerSecond` holds from a whole minute on that is 30 to 90 seconds ahead, the others at once.',
  request: { params: clientParams, body: jsonBody('QuotasInput', { required: true }) },
  responses: { ...answered, ...problemsOfChange(...CODES) },
});

const clearAll = createRoute({
  method: 'delete',
  path,
  operationId: 'clearQuotas',
  tags,
  summary: 'Clear the quotas of a client',
  description: 'The defaults hold for it again.',
  request: { params: clientParams },
  responses: { ...answered, ...problemsOfChange(...CODES) },
});

/** `/clients/:clientId/quotas` */
export function quotaRoutes({ clients, quotas: { defaults } }: Pick<ApiDeps, 'clients' | 'quotas'>): OpenAPIHono {
  const app = new OpenAPIHono();
  const described = (clientId: string, { quotas: own = {}, eventRates = [] }: ClientRecord) => ({
    clientId,
    quotas: quotasOf(defaults, own),
    own,
    defaults,
    eventsFrom: isoTimeOrNull(eventRates.at(-1)?.fromMs ?? null),
  });
  const change = async (clientId: string, quotas: QuotaOverrides) => {
    const changed = await clients.change(clientId, (before) => setQuotas(before, quotas, Date.now()));
    return described(clientId, changed ?? {});
  };

  app.openapi(getQuotas, async (c) => {
    const { clientId } = c.req.valid('param');
    return c.json(described(clientId, await clients.get(clientId)), 200);
  });
  app.openapi(setAll, async (c) => {
    const advice = `Send some of ${QUOTA_KINDS.join(', ')}, each with a number or null.`;
    const quotas = await readObject(c, quotaOverrides, advice);
    return c.json(await change(c.req.valid('param').clientId, quotas), 200);
  });
  app.openapi(clearAll, async (c) => c.json(await change(c.req.valid('param').clientId, {}), 200));
  return app;
}
