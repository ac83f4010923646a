import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { SEVERITIES } from '../../../core/model/alert/severity.ts';
import type { AlertRecord } from '../../../core/read-model/alert-record.ts';
import { json, problems } from '../../openapi/responses.ts';
import type { AlertRecordsPort } from '../../ports/alert-records.ts';
import { hasLabels, hasText } from '../../requests/filters.ts';
import { cursorAt, readCursor } from '../../requests/pages.ts';
import { alertList } from '../../schemas/alerts/alert-records.ts';
import { pageQuery } from '../../schemas/shared/pages.ts';
import { clientParams, labelFilter, repeatable, textFilter } from '../../schemas/shared/params.ts';
import { ID_PATTERN } from '../../../core/model/ids.ts';
import { answer } from '../rules/stored-rule.ts';
import { described } from './described.ts';

const LIST = 'alerts';
const LIMIT = { most: 500, usual: 100 };

const listAlerts = createRoute({
  method: 'get',
  path: '/clients/{clientId}/alerts',
  operationId: 'listAlerts',
  tags: ['Alerts'],
  summary: 'List alerts',
  description:
    'The alerts of a client that fire now, or with `state=all` those of the last 30 days too; the newest change first. They come from the alert stream, so this needs no workflow.',
  request: {
    params: clientParams,
    query: z.object({
      state: z.enum(['open', 'all']).default('open').openapi({ description: '`open`: only those that fire now' }),
      rule: z
        .string()
        .regex(ID_PATTERN, '"rule" must be a rule id.')
        .optional()
        .openapi({ description: 'only of this rule' }),
      severity: repeatable(z.enum(SEVERITIES), SEVERITIES).openapi({
        description: 'only with one of these severities',
      }),
      label: labelFilter('alerts'),
      text: textFilter('only alerts with this text in their message, group or partition'),
      ...pageQuery(LIMIT.most, LIMIT.usual),
    }),
  },
  responses: { 200: json('the alerts', alertList), ...problems('REQUEST_INVALID', 'NATS_UNREACHABLE') },
});

/** `/clients/:clientId/alerts` */
export function alertListRoutes(port: AlertRecordsPort): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(listAlerts, async (c) => {
    const { clientId } = c.req.valid('param');
    const { state, rule, severity, label, text, limit, cursor } = c.req.valid('query');
    const { alerts, next } = await port.list({
      ...{ clientId, ruleId: rule, onlyOpen: state === 'open', limit },
      before: cursor === undefined ? undefined : Number(readCursor(LIST, cursor)),
      isWanted: (record) =>
        (severity.length === 0 || severity.includes(record.severity)) &&
        hasLabels(record, label) &&
        hasText(searched(record), text),
    });
    return answer(c, { alerts: alerts.map(summaryOf), next: next === null ? null : cursorAt(LIST, next) }, 200);
  });
  return app;
}

function summaryOf({ id, record }: { id: string; record: AlertRecord }) {
  const { transitions: _life, omitted: _count, ...summary } = described(id, record);
  return summary;
}

const searched = ({ message, group, partition }: AlertRecord): string[] => [
  message,
  ...[...Object.values(group), ...Object.values(partition)].map(String),
];
