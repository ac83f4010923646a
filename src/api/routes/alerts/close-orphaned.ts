import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { closingOf } from '../../../core/read-model/close-alert.ts';
import { isoTime } from '../../../core/primitives/text/iso-time.ts';
import { noteForAudit } from '../../audit/record-changes.ts';
import { jsonBody } from '../../openapi/bodies.ts';
import { json, problemsOfChange } from '../../openapi/responses.ts';
import type { ApiDeps } from '../../ports.ts';
import { readObject } from '../../requests/body.ts';
import { cursorAt, readCursor } from '../../requests/pages.ts';
import { closedAlerts, closeOrphaned } from '../../schemas/alerts/orphans.ts';
import { clientParams } from '../../schemas/shared/params.ts';
import { answer } from '../rules/stored-rule.ts';
import { orphansAmong } from './orphans.ts';

const LIST = 'open alerts';
/** Open alerts that one request looks at. */
const PAGE = 500;

const closeOrphanedAlerts = createRoute({
  method: 'post',
  path: '/clients/{clientId}/alerts/close-orphaned',
  operationId: 'closeOrphanedAlerts',
  tags: ['Alerts'],
  summary: 'Close alerts that nothing decides any more',
  description: [
    'An alert can fire in the list although no workflow decides it: its workflow was terminated or deleted, and then its rule was deleted, disabled or changed,',
    'or its partition set had to begin anew. This publishes such alerts as resolved, with the reason `operator`.',
    `It looks at ${PAGE} open alerts of the client: pass \`next\` as \`cursor\` to go on. Other alerts stay as they are.`,
  ].join(' '),
  request: { params: clientParams, body: jsonBody('CloseOrphaned', { required: true }) },
  responses: {
    200: json('the alerts that were closed, or with `dryRun` would be', closedAlerts),
    ...problemsOfChange('REQUEST_INVALID', 'ALERT_RECORDS_BEHIND', 'TEMPORAL_UNREACHABLE', 'NATS_UNREACHABLE'),
  },
});

/** `/clients/:clientId/alerts/close-orphaned` */
export function closeOrphanedRoutes(deps: Pick<ApiDeps, 'alerts' | 'rules' | 'sets'>): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(closeOrphanedAlerts, async (c) => {
    const { clientId } = c.req.valid('param');
    const { by, dryRun, cursor } = await readObject(c, closeOrphaned, 'Send a JSON object, such as {"by": "ana"}.');
    noteForAudit(c, ...(dryRun ? [] : [{ by }]));
    const page = await deps.alerts.list({
      ...{ clientId, onlyOpen: true, isWanted: () => true, limit: PAGE },
      before: cursor === undefined ? undefined : Number(readCursor(LIST, cursor)),
    });
    const orphans = await orphansAmong(deps, clientId, page.alerts);
    const at = isoTime(Date.now());
    if (!dryRun && orphans.length > 0) {
      await deps.alerts.close(orphans.map(({ record }) => closingOf(record, { by, at })));
      noteForAudit(c, ...orphans.map(({ id: alertId, record: { ruleId } }) => ({ by, alertId, ruleId })));
    }
    const alerts = orphans.map(({ id, why, record: { ruleId, partitionSetId, group, partition } }) => ({
      ...{ id, ruleId, partitionSetId, group, partition, why },
    }));
    return answer(c, { dryRun, alerts, next: page.next === null ? null : cursorAt(LIST, page.next) }, 200);
  });
  return app;
}
