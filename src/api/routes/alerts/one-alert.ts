import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { VigilError } from '../../../core/primitives/errors.ts';
import type { AlertRecord } from '../../../core/read-model/alert-record.ts';
import { json, noContent, problems, problemsOfChange } from '../../openapi/responses.ts';
import type { AlertRecordsPort } from '../../ports/alert-records.ts';
import { alertRecord } from '../../schemas/alerts/alert-records.ts';
import { alertParams } from '../../schemas/shared/params.ts';
import { answer } from '../rules/stored-rule.ts';
import { described } from './described.ts';

const tags = ['Alerts'];

const getAlert = createRoute({
  method: 'get',
  path: '/clients/{clientId}/alerts/{alertId}',
  operationId: 'getAlert',
  tags,
  summary: 'Get an alert',
  description:
    'The life of an alert: its transitions with their messages, and the evidence of the first and the newest.',
  request: { params: alertParams },
  responses: {
    200: json('the alert', alertRecord),
    ...problems('REQUEST_INVALID', 'ALERT_NOT_FOUND', 'NATS_UNREACHABLE'),
  },
});

const rebuildAlerts = createRoute({
  method: 'post',
  path: '/alerts/rebuild',
  operationId: 'rebuildAlerts',
  tags,
  summary: 'Build the records of alerts again',
  description:
    'Deletes the records of all alerts and builds them again from the alert stream. The lists are incomplete until that is done: see the metric `vigil_alert_records_pending`.',
  request: { query: z.object({}) },
  responses: { 202: noContent('it has begun'), ...problemsOfChange('NATS_UNREACHABLE') },
});

/** `/clients/:clientId/alerts/:alertId` and `/alerts/rebuild` */
export function alertRoutes(port: AlertRecordsPort): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(getAlert, async (c) => {
    const { clientId, alertId } = c.req.valid('param');
    return answer(c, described(alertId, await alertAt(port, clientId, alertId)), 200);
  });
  app.openapi(rebuildAlerts, async (c) => {
    await port.rebuild();
    return c.body(null, 202);
  });
  return app;
}

/** @throws VigilError ALERT_NOT_FOUND */
export async function alertAt(port: AlertRecordsPort, clientId: string, alertId: string): Promise<AlertRecord> {
  const record = await port.get(clientId, alertId);
  if (record !== null) return record;
  const advice = `List the alerts with GET /api/clients/${clientId}/alerts?state=all.`;
  throw new VigilError('ALERT_NOT_FOUND', advice, { clientId, alertId });
}
