import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { AUDIT_ACTIONS } from '../../core/model/access/audit.ts';
import { ID_PATTERN } from '../../core/model/ids.ts';
import { json, problems } from '../openapi/responses.ts';
import type { AuditPort } from '../ports/audit.ts';
import { cursorAt, readCursor } from '../requests/pages.ts';
import { auditList } from '../schemas/audit.ts';
import { pageQuery } from '../schemas/shared/pages.ts';
import { clientParams } from '../schemas/shared/params.ts';

const LIST = 'audit';
const LIMIT = { most: 500, usual: 100 };
const tags = ['Audit'];

const query = z.object({
  rule: z
    .string()
    .regex(ID_PATTERN, '"rule" must be a rule id.')
    .optional()
    .openapi({ description: 'only of this rule, and its alerts' }),
  action: z.enum(AUDIT_ACTIONS).optional().openapi({ description: 'only this action' }),
  since: z.iso
    .datetime({ offset: true, error: '"since" must be a time, such as 2026-01-01T08:00:00Z.' })
    .optional()
    .openapi({ description: 'only from this time on' }),
  ...pageQuery(LIMIT.most, LIMIT.usual),
});

const responses = { 200: json('the entries', auditList), ...problems('REQUEST_INVALID', 'NATS_UNREACHABLE') };

const listClientAudit = createRoute({
  method: 'get',
  path: '/clients/{clientId}/audit',
  operationId: 'listClientAudit',
  tags,
  summary: 'List who has changed what of a client',
  description:
    'Changes of rules, actions on alerts and dead letters, done and refused, of the last year; newest first.',
  request: { params: clientParams, query },
  responses,
});

const listAudit = createRoute({
  method: 'get',
  path: '/audit',
  operationId: 'listAudit',
  tags,
  summary: 'List who has changed what',
  description: 'The same for all clients, and for what concerns none.',
  request: { query },
  responses,
});

/** `/audit` and `/clients/:clientId/audit` */
export function auditRoutes(audit: AuditPort): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(listClientAudit, async (c) =>
    c.json(await page(audit, c.req.valid('query'), c.req.valid('param').clientId), 200),
  );
  app.openapi(listAudit, async (c) => c.json(await page(audit, c.req.valid('query')), 200));
  return app;
}

async function page(audit: AuditPort, asked: z.output<typeof query>, clientId?: string) {
  const { rule: ruleId, action, since, limit, cursor } = asked;
  const { entries, next } = await audit.list({
    ...{ clientId, ruleId, action, limit },
    sinceMs: since === undefined ? undefined : Date.parse(since),
    before: cursor === undefined ? undefined : Number(readCursor(LIST, cursor)),
  });
  return { entries, next: next === null ? null : cursorAt(LIST, next) };
}
