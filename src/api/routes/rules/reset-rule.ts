import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { noteForAudit } from '../../audit/record-changes.ts';
import { jsonBody } from '../../openapi/bodies.ts';
import { json, problemsOfChange } from '../../openapi/responses.ts';
import type { ApiDeps } from '../../ports.ts';
import { readObject } from '../../requests/body.ts';
import { inBatches, orProblem } from '../../requests/many-at-once.ts';
import { pastTimeOf } from '../../requests/past-time.ts';
import { ruleParams } from '../../schemas/shared/params.ts';
import { CLEAN, reset, resetPartitionSets } from '../../schemas/rules/partition-sets.ts';
import { setsOf } from './partition-sets/partition-sets.ts';
import { resetTo } from './reset-to.ts';
import { answer, ruleAt } from './stored-rule.ts';

/** Workflows that one request updates at the same time. */
const AT_ONCE = 10;

const resetRule = createRoute({
  method: 'post',
  path: '/clients/{clientId}/rules/{ruleId}/reset',
  operationId: 'resetRule',
  tags: ['Rules'],
  summary: 'Rebuild the state of a rule',
  description: [
    'Each partition set forgets its state and is rebuilt from the events that the stream keeps. Then it publishes only what differs from what it had published:',
    'alerts that should not fire resolve, alerts that should fire do, with the reason `reset`. The answer comes when the resets have begun;',
    '`explanation.rebuilding` of a partition set is there until its reset is done.',
    'With a time in `to`, Temporal resets the workflow to that time, and the set reads only what came after it: for a stream that reaches back less far than the rule. A set that is split over shards reads all its events.',
  ].join(' '),
  request: { params: ruleParams, body: jsonBody('Reset', { required: true }) },
  responses: {
    200: json('each partition set', resetPartitionSets),
    ...problemsOfChange('REQUEST_INVALID', 'RULE_NOT_FOUND', 'TEMPORAL_UNREACHABLE', 'NATS_UNREACHABLE'),
  },
});

/** `/clients/:clientId/rules/:ruleId/reset` */
export function resetRoutes({ rules, sets, archive }: Pick<ApiDeps, 'rules' | 'sets' | 'archive'>): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(resetRule, async (c) => {
    const params = c.req.valid('param');
    const { by, to, dryRun } = await readObject(c, reset, 'Send a JSON object, such as {"by": "ana", "dryRun": true}.');
    const atMs = to === CLEAN ? null : pastTimeOf('to', to);
    noteForAudit(c, ...(dryRun ? [] : [{ by }]));
    const { storedAtMs } = await ruleAt(rules, params);
    const found = await setsOf(sets, params);
    const resetOne = async (setId: string): Promise<object> => {
      if (atMs !== null) return resetTo({ sets, archive }, { setId, atMs, by, dryRun, storedAtMs });
      await sets.reset(setId, by);
      return {};
    };
    if (dryRun && atMs === null) return answer(c, { dryRun, partitionSets: found }, 200);
    const partitionSets = await inBatches(found, AT_ONCE, async (set) => ({
      ...set,
      ...(await orProblem(() => resetOne(set.workflowId))),
    }));
    return answer(c, { dryRun, partitionSets }, 200);
  });
  return app;
}
