import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { pauseRule, resumeRule, type PauseEdits } from '../../../core/model/stored-rule/pause-edits.ts';
import type { RuleEdit } from '../../../core/model/access/authorship.ts';
import type { CountedRule, StoredRule } from '../../../core/model/stored-rule/stored-rule.ts';
import { VigilError } from '../../../core/primitives/errors.ts';
import { noteForAudit } from '../../audit/record-changes.ts';
import { jsonBody } from '../../openapi/bodies.ts';
import { problemsOfChange, withEtag } from '../../openapi/responses.ts';
import type { ApiDeps } from '../../ports.ts';
import type { RulesPort } from '../../ports/rules.ts';
import { readObject } from '../../requests/body.ts';
import { ifMatch, ruleParams, type RuleParams } from '../../schemas/shared/params.ts';
import { pauseInput, resumeInput, turnedRule } from '../../schemas/rules/rules.ts';
import { refuseOther } from './changed-rule.ts';
import { answer, described, ruleAt, tag } from './stored-rule.ts';

const path = '/clients/{clientId}/rules/{ruleId}';
const tags = ['Rules'];
const request = { params: ruleParams, headers: ifMatch };
const CODES = ['REQUEST_INVALID', 'RULE_NOT_FOUND', 'RULE_CHANGED', 'NATS_UNREACHABLE'] as const;

const pause = createRoute({
  method: 'post',
  path: `${path}/pause`,
  operationId: 'pauseRule',
  tags,
  summary: 'Pause a rule',
  description: [
    'It keeps its state, and its clock stops: events stored before the pause count, later ones and deadlines wait. It publishes nothing,',
    'but its open alerts can be acknowledged and snoozed. It stays paused when it is changed. A rule that is paused already keeps its version.',
  ].join(' '),
  request: { ...request, body: jsonBody('PauseInput', { required: false }) },
  responses: { 200: withEtag('the rule', turnedRule), ...problemsOfChange(...CODES) },
});

const resume = createRoute({
  method: 'post',
  path: `${path}/resume`,
  operationId: 'resumeRule',
  tags,
  summary: 'Resume a rule',
  description: [
    '`publish`: the rule gets the events since its pause, and publishes as if it had not been paused, only later. `silently`: it gets them too, and publishes',
    'only the difference between its alerts at the pause and now. `afresh`: it begins anew, and its open alerts resolve with the reason `ruleResumed`.',
    'A rule that runs keeps its version.',
  ].join(' '),
  request: { ...request, body: jsonBody('ResumeInput', { required: false }) },
  responses: {
    200: withEtag('the rule', turnedRule),
    ...problemsOfChange(...CODES, 'CLIENT_PAUSED', 'CLIENT_UNREADABLE'),
  },
});

/** `/clients/:clientId/rules/:ruleId/pause` and `/resume` */
export function rulePauseRoutes({ rules, clients }: Pick<ApiDeps, 'rules' | 'clients'>): OpenAPIHono {
  const app = new OpenAPIHono();

  app.openapi(pause, async (c) => {
    const { note } = await readObject(c, pauseInput, 'Send {"note": "why"}, or nothing.');
    noteForAudit(c, { ...(note !== undefined && { note }) });
    const author = c.get('author');
    const wanted = { by: author.by, ...(note !== undefined && { note }), of: 'rule' } as const;
    const turned = await turn(rules, c.req.valid('param'), (before) => pauseRule(before, wanted), {
      edit: { ...author, as: 'pause' },
      ifVersion: c.req.valid('header')['if-match'],
    });
    tag(c, turned.stored);
    return answer(c, { ...described(turned.stored), changed: turned.changed }, 200);
  });

  app.openapi(resume, async (c) => {
    const { mode } = await readObject(c, resumeInput, 'Send {"mode": "publish"}, "silently" or "afresh".');
    noteForAudit(c, { mode });
    const address = c.req.valid('param');
    if ((await clients.get(address.clientId)).pause !== undefined)
      throw new VigilError(
        'CLIENT_PAUSED',
        `Resume the client: POST /api/clients/${address.clientId}/resume.`,
        address,
      );
    const turned = await turn(rules, address, (before) => resumeRule(before, mode), {
      edit: { ...c.get('author'), as: 'resume' },
      ifVersion: c.req.valid('header')['if-match'],
    });
    tag(c, turned.stored);
    return answer(c, { ...described(turned.stored), changed: turned.changed }, 200);
  });

  return app;
}

/** @throws VigilError RULE_NOT_FOUND, RULE_CHANGED */
async function turn(
  rules: RulesPort,
  address: RuleParams,
  next: (before: StoredRule) => PauseEdits | null,
  by: { edit: RuleEdit; ifVersion: number | undefined },
): Promise<{ stored: CountedRule; changed: boolean }> {
  const before = await ruleAt(rules, address);
  refuseOther(before, by.ifVersion);
  const stored = await rules.turn(address, next, by);
  return { stored: stored ?? (await ruleAt(rules, address)), changed: stored !== null };
}
