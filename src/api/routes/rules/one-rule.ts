import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { noteForAudit } from '../../audit/record-changes.ts';
import { parseRule } from '../../../core/language/parse/parse-rule.ts';
import { ID_PATTERN } from '../../../core/model/ids.ts';
import { VigilError } from '../../../core/primitives/errors.ts';
import { noContent, problems, problemsOfChange, withEtag } from '../../openapi/responses.ts';
import type { RulesPort } from '../../ports/rules.ts';
import { readRule, type JsonObject } from '../../requests/body.ts';
import { ifMatch, ruleParams } from '../../schemas/shared/params.ts';
import { changedRule, dryRun, dryRunQuery, putHeaders } from '../../schemas/rules/rule-change.ts';
import { ruleBody, storedRule } from '../../schemas/rules/rules.ts';
import { answerChange, describedDryRun, expectedVersion, refuseOther } from './changed-rule.ts';
import { answer, answerRule, notFound, ruleAt, tag } from './stored-rule.ts';

const path = '/clients/{clientId}/rules/{ruleId}';
const tags = ['Rules'];

const getRule = createRoute({
  method: 'get',
  path,
  operationId: 'getRule',
  tags,
  summary: 'Get a rule',
  request: { params: ruleParams },
  responses: {
    200: withEtag('the rule', storedRule),
    ...problems('REQUEST_INVALID', 'RULE_NOT_FOUND', 'NATS_UNREACHABLE'),
  },
});

const putRule = createRoute({
  method: 'put',
  path,
  operationId: 'putRule',
  tags,
  summary: 'Create or update a rule',
  description:
    'The rule as JSON or, with any other content type, as YAML. `id` and `clientId` may be left out. `effects` says what the change does to the running state; with `dryRun`, what it would do.',
  request: {
    params: ruleParams,
    query: dryRunQuery,
    headers: putHeaders,
    body: {
      required: true,
      content: { 'application/json': { schema: ruleBody }, 'application/yaml': { schema: ruleBody } },
    },
  },
  responses: {
    200: withEtag('the rule is updated; with `dryRun`, nothing is', z.union([changedRule, dryRun])),
    201: withEtag('the rule is created', changedRule),
    ...problemsOfChange(
      'REQUEST_INVALID',
      'RULE_INVALID',
      'RULE_ID_MISMATCH',
      'RULE_CHANGED',
      'QUOTA_RULES',
      'NATS_UNREACHABLE',
    ),
  },
});

const deleteRule = createRoute({
  method: 'delete',
  path,
  operationId: 'deleteRule',
  tags,
  summary: 'Delete a rule',
  description: 'Its alerts resolve. Its versions stay.',
  request: { params: ruleParams, headers: ifMatch },
  responses: {
    204: noContent('the rule is deleted'),
    ...problemsOfChange('REQUEST_INVALID', 'RULE_NOT_FOUND', 'RULE_CHANGED', 'NATS_UNREACHABLE'),
  },
});

/** `/clients/:clientId/rules/:ruleId` */
export function ruleRoutes(rules: RulesPort): OpenAPIHono {
  const app = new OpenAPIHono();

  app.openapi(getRule, async (c) => answerRule(c, await ruleAt(rules, c.req.valid('param')), 200));

  app.openapi(putRule, async (c) => {
    const { clientId, ruleId: id } = c.req.valid('param');
    const isDry = c.req.valid('query').dryRun === 'true';
    // It changes nothing: neither what it finds nor what it refuses is in the audit.
    if (isDry) noteForAudit(c);
    const body = await readRule(c);
    refuseContradiction(body, { clientId, id });
    const rule = parseRule({ ...body, clientId, id });
    const expected = expectedVersion(c.req.valid('header'));
    const before = await rules.get(clientId, id);
    if (isDry) {
      refuseOther(before, expected);
      if (before !== null) tag(c, before);
      return answer(c, describedDryRun(before, rule), 200);
    }
    const edit = { ...c.get('author'), as: 'put' } as const;
    const stored = await rules.put(rule, expected, edit);
    return before === null ? answerChange(c, undefined, stored, 201) : answerChange(c, before.rule, stored, 200);
  });

  app.openapi(deleteRule, async (c) => {
    const { clientId, ruleId } = c.req.valid('param');
    const edit = { ...c.get('author'), as: 'delete' } as const;
    const deleted =
      ID_PATTERN.test(ruleId) && (await rules.delete(clientId, ruleId, c.req.valid('header')['if-match'], edit));
    if (!deleted) throw notFound({ clientId, ruleId });
    return c.body(null, 204);
  });

  return app;
}

/** @throws VigilError RULE_ID_MISMATCH if the body states another id or client than the path */
export function refuseContradiction(body: JsonObject, address: { clientId: string; id?: string }): void {
  for (const key of ['clientId', 'id'] as const) {
    const stated = body[key];
    if (stated === undefined || address[key] === undefined || stated === address[key]) continue;
    const advice = `Set its ${key} to "${address[key]}" as in the path, or remove ${key} from the rule.`;
    throw new VigilError('RULE_ID_MISMATCH', advice, { property: key, address: address[key] });
  }
}
