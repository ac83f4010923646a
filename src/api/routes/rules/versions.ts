import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { parseRule } from '../../../core/language/parse/parse-rule.ts';
import { ID_PATTERN } from '../../../core/model/ids.ts';
import type { RuleVersion } from '../../../core/model/stored-rule/rule-version.ts';
import { VigilError } from '../../../core/primitives/errors.ts';
import { isoTime } from '../../../core/primitives/text/iso-time.ts';
import { RequestError } from '../../errors.ts';
import { jsonBody } from '../../openapi/bodies.ts';
import { json, problems, problemsOfChange, withEtag } from '../../openapi/responses.ts';
import type { RulesPort } from '../../ports/rules.ts';
import { readObject } from '../../requests/body.ts';
import { pageOf } from '../../requests/pages.ts';
import { pageQuery } from '../../schemas/shared/pages.ts';
import { ifMatch, ruleParams, type RuleParams } from '../../schemas/shared/params.ts';
import { changedRule } from '../../schemas/rules/rule-change.ts';
import { rollback, ruleVersion, versionList } from '../../schemas/rules/rules.ts';
import { answerChange } from './changed-rule.ts';
import { answer, notFound } from './stored-rule.ts';

const path = '/clients/{clientId}/rules/{ruleId}';
const tags = ['Rules'];

const listVersions = createRoute({
  method: 'get',
  path: `${path}/versions`,
  operationId: 'listVersions',
  tags,
  summary: 'List the versions of a rule',
  description: 'The versions that vigil keeps, newest first, with who made them; also of a deleted rule.',
  request: { params: ruleParams, query: z.object(pageQuery()) },
  responses: {
    200: json('the versions', versionList),
    ...problems('REQUEST_INVALID', 'RULE_NOT_FOUND', 'NATS_UNREACHABLE'),
  },
});

const getVersion = createRoute({
  method: 'get',
  path: `${path}/versions/{version}`,
  operationId: 'getVersion',
  tags,
  summary: 'Get a version of a rule',
  request: {
    params: ruleParams.extend({ version: z.string().openapi({ type: 'integer', description: 'one of its versions' }) }),
  },
  responses: {
    200: json('the rule as it was', ruleVersion),
    ...problems('REQUEST_INVALID', 'RULE_NOT_FOUND', 'RULE_VERSION_NOT_FOUND', 'NATS_UNREACHABLE'),
  },
});

const rollBack = createRoute({
  method: 'post',
  path: `${path}/rollback`,
  operationId: 'rollBackRule',
  tags,
  summary: 'Return to a version of a rule',
  description: 'Stores the version again, as the newest.',
  request: {
    params: ruleParams,
    headers: ifMatch,
    body: jsonBody('Rollback', { required: true }),
  },
  responses: {
    200: withEtag('the rule', changedRule),
    ...problemsOfChange(
      'REQUEST_INVALID',
      'RULE_NOT_FOUND',
      'RULE_VERSION_NOT_FOUND',
      'RULE_INVALID',
      'RULE_CHANGED',
      'QUOTA_RULES',
    ),
  },
});

const NEWEST_FIRST = {
  list: 'versions',
  placeOf: ({ version }: RuleVersion) => version,
  isAfter: (version: number, last: number) => version < last,
};

/** Routes under `/clients/:clientId/rules/:ruleId/versions`, and the rollback to a version. */
export function versionRoutes(rules: RulesPort): OpenAPIHono {
  const app = new OpenAPIHono();

  app.openapi(listVersions, async (c) => {
    const { changes, isWhole } = await historyOf(rules, c.req.valid('param'));
    const { items, next } = pageOf(changes.toReversed(), NEWEST_FIRST, c.req.valid('query'));
    return c.json({ versions: items.map(summary), isWhole, next }, 200);
  });

  app.openapi(getVersion, async (c) => {
    const { version: wanted, ...address } = c.req.valid('param');
    const { changes } = await historyOf(rules, address);
    const version = find(changes, wanted);
    return answer(c, { rule: version.rule, ...summary(version) }, 200);
  });

  app.openapi(rollBack, async (c) => {
    const { changes } = await historyOf(rules, c.req.valid('param'));
    const { version } = await readObject(c, rollback, 'Send {"version": 17}, the version to return to.');
    // Today's checks apply, not those of its time.
    const { rule, version: restored } = find(changes, String(version));
    const earlier = parseRule(rule);
    const before = await rules.get(earlier.clientId, earlier.id);
    const edit = { ...c.get('author'), as: 'rollBack', restored } as const;
    const stored = await rules.put(earlier, c.req.valid('header')['if-match'], edit);
    return answerChange(c, before?.rule, stored, 200);
  });

  return app;
}

async function historyOf(rules: RulesPort, { clientId, ruleId }: RuleParams) {
  const history = ID_PATTERN.test(ruleId) ? await rules.history(clientId, ruleId) : { changes: [], isWhole: true };
  if (history.changes.length === 0) throw notFound({ clientId, ruleId });
  return history;
}

const summary = ({ version, edition, change, by, from, restored, storedAtMs }: RuleVersion) => ({
  version,
  edition,
  change,
  by,
  from,
  ...(restored !== undefined && { restored }),
  storedAt: isoTime(storedAtMs),
});

function find(changes: readonly RuleVersion[], version: string): RuleVersion & { kind: 'put' } {
  const known = changes.filter((change) => change.kind === 'put');
  const found = known.find((change) => String(change.version) === version);
  if (found !== undefined) return found;
  const versions = known.map((change) => change.version);
  if (!/^\d+$/.test(version)) {
    const advice = `A version is a number, one of ${versions.join(', ')}.`;
    throw new RequestError('REQUEST_INVALID', advice, { version, versions });
  }
  throw new VigilError('RULE_VERSION_NOT_FOUND', `vigil has ${versions.join(', ')}.`, { version, versions });
}
