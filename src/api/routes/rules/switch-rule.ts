import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { parseRule } from '../../../core/language/parse/parse-rule.ts';
import type { RuleEdit } from '../../../core/model/access/authorship.ts';
import type { Rule } from '../../../core/model/rule/rule-schema.ts';
import type { CountedRule } from '../../../core/model/stored-rule/stored-rule.ts';
import { VigilError } from '../../../core/primitives/errors.ts';
import { problemsOfChange, withEtag } from '../../openapi/responses.ts';
import type { RulesPort } from '../../ports/rules.ts';
import { ifMatch, ruleParams, type RuleParams } from '../../schemas/shared/params.ts';
import { changedRule } from '../../schemas/rules/rule-change.ts';
import { answerChange } from './changed-rule.ts';
import { ruleAt } from './stored-rule.ts';

const request = { params: ruleParams, headers: ifMatch };
const responses = {
  200: withEtag('the rule', changedRule),
  ...problemsOfChange('REQUEST_INVALID', 'RULE_NOT_FOUND', 'RULE_INVALID', 'RULE_CHANGED', 'NATS_UNREACHABLE'),
};

const enableRule = createRoute({
  method: 'post',
  path: '/clients/{clientId}/rules/{ruleId}/enable',
  operationId: 'enableRule',
  tags: ['Rules'],
  summary: 'Enable a rule',
  description: 'A rule that is enabled already keeps its version.',
  request,
  responses,
});

const disableRule = createRoute({
  method: 'post',
  path: '/clients/{clientId}/rules/{ruleId}/disable',
  operationId: 'disableRule',
  tags: ['Rules'],
  summary: 'Disable a rule',
  description: 'Its firing alerts resolve. A rule that is disabled already keeps its version.',
  request,
  responses,
});

/** `/clients/:clientId/rules/:ruleId/enable` and `/disable` */
export function ruleSwitchRoutes(rules: RulesPort): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(enableRule, async (c) => {
    const edit = { ...c.get('author'), as: 'enable' } as const;
    const { before, stored } = await turn(edit, rules, c.req.valid('param'), c.req.valid('header')['if-match']);
    return answerChange(c, before.rule, stored, 200);
  });
  app.openapi(disableRule, async (c) => {
    const edit = { ...c.get('author'), as: 'disable' } as const;
    const { before, stored } = await turn(edit, rules, c.req.valid('param'), c.req.valid('header')['if-match']);
    return answerChange(c, before.rule, stored, 200);
  });
  return app;
}

const MAX_ATTEMPTS = 5;

/** @throws VigilError RULE_NOT_FOUND, RULE_CHANGED */
async function turn(
  edit: RuleEdit,
  rules: RulesPort,
  address: RuleParams,
  ifVersion?: number,
): Promise<{ before: CountedRule; stored: CountedRule }> {
  const on = edit.as === 'enable';
  for (let attempt = 1; ; attempt++) {
    const before = await ruleAt(rules, address);
    const { version } = before;
    if (ifVersion !== undefined && ifVersion !== version)
      throw new VigilError('RULE_CHANGED', 'Read the rule again, and repeat your change.', { version: ifVersion });
    if ((before.rule.enabled ?? true) === on) return { before, stored: before };
    try {
      return { before, stored: await rules.put(parseRule(turned(before.rule, on)), version, edit) };
    } catch (error) {
      // Only the change of someone else at the same moment; without If-Match it is no reason to refuse.
      const isRace = error instanceof VigilError && error.code === 'RULE_CHANGED' && ifVersion === undefined;
      if (!isRace || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** An enabled rule does not say so, so that a rule that was disabled for a while is as it was. */
function turned({ enabled: _, ...rule }: Rule, on: boolean): Rule {
  return on ? rule : { ...rule, enabled: false };
}
