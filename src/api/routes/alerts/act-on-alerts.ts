import { createRoute, OpenAPIHono, type z } from '@hono/zod-openapi';
import { ALERT_ACTIONS, type ActionInput, type AlertAction } from '../../../core/model/alert/operator-action.ts';
import { asStoredKey } from '../../../core/primitives/value.ts';
import { noteForAudit, type AuditDetails } from '../../audit/record-changes.ts';
import { kindOf } from '../../errors.ts';
import { jsonBody } from '../../openapi/bodies.ts';
import { json, problemsOfChange } from '../../openapi/responses.ts';
import type { ApiDeps } from '../../ports.ts';
import { readObject } from '../../requests/body.ts';
import { inBatches, orProblem } from '../../requests/many-at-once.ts';
import { alertActed, alertAction, manyAlertsActed, manyAlertsAction } from '../../schemas/alerts/alert-records.ts';
import { alertParams, clientParams } from '../../schemas/shared/params.ts';
import { answer } from '../rules/stored-rule.ts';
import { alertAt } from './one-alert.ts';

const tags = ['Alerts'];
/** Workflows that one request updates at the same time. */
const AT_ONCE = 10;

const SAYS: Record<AlertAction, { summary: string; description: string }> = {
  acknowledge: {
    summary: 'Acknowledge an alert',
    description: 'Says that somebody takes care of an alert that fires, until it resolves. Its reminders stop.',
  },
  unacknowledge: { summary: 'Take an acknowledgement back', description: 'Its reminders begin again.' },
  snooze: {
    summary: 'Snooze an alert',
    description: 'Until a time, transitions of the alert are published, but no receiver is notified of them.',
  },
  unsnooze: { summary: 'End a snooze', description: 'The alert says at once whether it fires.' },
};

const REFUSALS = [
  ...(['REQUEST_INVALID', 'ACTION_INVALID', 'ALERT_NOT_FOUND', 'ALERT_NOT_FIRING', 'ALERT_EPISODE_OVER'] as const),
  ...(['PARTITION_SET_NOT_FOUND', 'PARTITION_NOT_FOUND', 'PARTITION_SET_BUSY', 'PARTITION_SET_FULL'] as const),
  ...(['TEMPORAL_UNREACHABLE', 'NATS_UNREACHABLE'] as const),
];

const ADVICE = 'Send a JSON object, such as {"by": "ana", "note": "on it"}; a snooze needs "until", ISO 8601.';

const one = (action: AlertAction) =>
  createRoute({
    method: 'post',
    path: `/clients/{clientId}/alerts/{alertId}/${action}`,
    operationId: `${action}Alert`,
    tags,
    ...SAYS[action],
    request: { params: alertParams, body: jsonBody('AlertActionInput', { required: true }) },
    responses: { 200: json('the alert after it', alertActed), ...problemsOfChange(...REFUSALS) },
  });

const many = (action: AlertAction) =>
  createRoute({
    method: 'post',
    path: `/clients/{clientId}/alerts/${action}`,
    operationId: `${action}Alerts`,
    tags,
    summary: `${SAYS[action].summary}: many at once`,
    description: SAYS[action].description,
    request: { params: clientParams, body: jsonBody('ManyAlertsActionInput', { required: true }) },
    responses: { 200: json('each alert after it', manyAlertsActed), ...problemsOfChange('REQUEST_INVALID') },
  });

type Deps = Pick<ApiDeps, 'alerts' | 'sets'>;

/** `/clients/:clientId/alerts/:alertId/acknowledge` and the other actions, for one alert and for many. */
export function alertActionRoutes(deps: Deps): OpenAPIHono {
  const app = new OpenAPIHono();
  for (const action of ALERT_ACTIONS) {
    app.openapi(one(action), async (c) => {
      const { clientId, alertId } = c.req.valid('param');
      const input = await readObject(c, alertAction, ADVICE);
      const entry = entryOf(alertId, input);
      noteForAudit(c, entry);
      return answer(c, await act(deps, action, { clientId, entry }, input), 200);
    });
    app.openapi(many(action), async (c) => {
      const { clientId } = c.req.valid('param');
      const { ids, ...input } = await readObject(c, manyAlertsAction, `${ADVICE} And "ids": those of the alerts.`);
      const entries = ids.map((alertId) => entryOf(alertId, input));
      noteForAudit(c, ...entries);
      const alerts = await inBatches(entries, AT_ONCE, (entry) =>
        actOrProblem(deps, action, { clientId, entry }, input),
      );
      return answer(c, { alerts }, 200);
    });
  }
  return app;
}

type Input = z.infer<typeof alertAction>;

/** The entry of an alert in the audit: what is known of it grows while it is acted on. */
type Entry = AuditDetails & { alertId: string };
type Target = { clientId: string; entry: Entry };

const entryOf = (alertId: string, { by, note, until }: Input): Entry => ({
  ...{ alertId, by },
  ...(note !== undefined && { note }),
  ...(until !== undefined && { until }),
});

async function act({ alerts, sets }: Deps, action: AlertAction, { clientId, entry }: Target, input: Input) {
  const { alertId } = entry;
  const { ruleId, partitionSetId, partition, episode } = await alertAt(alerts, clientId, alertId);
  entry.ruleId = ruleId;
  const { by, note, until } = input;
  const asked: ActionInput = {
    by,
    episode,
    ...(note !== undefined && { note }),
    ...(until !== undefined && { until }),
    // Records are read with bigints for whole numbers of many digits, which the payload of an update cannot have.
    ...(Object.keys(partition).length > 0 && { partition: asStoredKey(partition) }),
  };
  const { changed, state, acknowledged, snoozed } = await sets.act(partitionSetId, action, asked);
  entry.result = 'ok';
  const marks = { ...(acknowledged && { acknowledged }), ...(snoozed && { snoozed }) };
  return { id: alertId, changed, state, ...marks };
}

async function actOrProblem(deps: Deps, action: AlertAction, target: Target, input: Input) {
  const done = await orProblem(() => act(deps, action, target, input));
  if (!('problem' in done)) return done;
  const { code } = done.problem;
  Object.assign(target.entry, { result: kindOf(code).status < 500 ? 'refused' : 'failed', code });
  return { id: target.entry.alertId, ...done };
}
