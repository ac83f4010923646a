import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import {
  pauseClient,
  pausedClientNow,
  pauseOfRules,
  resumeClient,
  type ClientRecord,
} from '../../core/model/client-record.ts';
import type { RuleEdit } from '../../core/model/access/authorship.ts';
import { pauseRule, resumeRule, type PauseEdits } from '../../core/model/stored-rule/pause-edits.ts';
import type { StoredRule } from '../../core/model/stored-rule/stored-rule.ts';
import { noteForAudit } from '../audit/record-changes.ts';
import { jsonBody } from '../openapi/bodies.ts';
import { json, problems, problemsOfChange } from '../openapi/responses.ts';
import type { ApiDeps } from '../ports.ts';
import type { RulesPort } from '../ports/rules.ts';
import { readObject } from '../requests/body.ts';
import { inBatches, orProblem } from '../requests/many-at-once.ts';
import { clientParams } from '../schemas/shared/params.ts';
import { client, pauseInput, resumeInput, turnedClient } from '../schemas/rules/rules.ts';
import { answer } from './rules/stored-rule.ts';

const path = '/clients/{clientId}';
const tags = ['Clients'];
/** Rules that one request changes at the same time. */
const AT_ONCE = 10;

const getClient = createRoute({
  method: 'get',
  path,
  operationId: 'getClient',
  tags,
  summary: 'Get a client',
  description: 'Whether all its rules are paused.',
  request: { params: clientParams },
  responses: {
    200: json('the client', client),
    ...problems('REQUEST_INVALID', 'CLIENT_UNREADABLE', 'NATS_UNREACHABLE'),
  },
});

const responses = {
  200: json('the client', turnedClient),
  ...problemsOfChange('REQUEST_INVALID', 'CLIENT_UNREADABLE', 'NATS_UNREACHABLE'),
};

const pause = createRoute({
  method: 'post',
  path: `${path}/pause`,
  operationId: 'pauseClient',
  tags,
  summary: 'Pause a client',
  description: 'Pauses all its rules that run, and those that are stored while it is paused.',
  request: { params: clientParams, body: jsonBody('PauseInput', { required: false }) },
  responses,
});

const resume = createRoute({
  method: 'post',
  path: `${path}/resume`,
  operationId: 'resumeClient',
  tags,
  summary: 'Resume a client',
  description: 'Resumes the rules that were paused with it; those that were paused by themselves stay so.',
  request: { params: clientParams, body: jsonBody('ResumeInput', { required: false }) },
  responses,
});

/** `/clients/:clientId`, and its `/pause` and `/resume` */
export function clientPauseRoutes({ rules, clients }: Pick<ApiDeps, 'rules' | 'clients'>): OpenAPIHono {
  const app = new OpenAPIHono();

  app.openapi(getClient, async (c) => {
    const { clientId } = c.req.valid('param');
    return answer(c, { clientId, paused: pausedClientNow(await clients.get(clientId)) }, 200);
  });

  app.openapi(pause, async (c) => {
    const { clientId } = c.req.valid('param');
    const { note } = await readObject(c, pauseInput, 'Send {"note": "why"}, or nothing.');
    noteForAudit(c, { ...(note !== undefined && { note }) });
    const author = c.get('author');
    const wanted = { sinceMs: Date.now(), by: author.by, ...(note !== undefined && { note }) };
    const changed = await clients.change(clientId, (before) => pauseClient(before, wanted));
    const record = changed ?? (await clients.get(clientId));
    const ofClient = pauseOfRules(record);
    const turned = await turnAll(rules, clientId, { ...author, as: 'pause' }, (before) =>
      ofClient === null ? null : pauseRule(before, ofClient),
    );
    return answer(c, describedTurn(clientId, record, changed !== null, turned), 200);
  });

  app.openapi(resume, async (c) => {
    const { clientId } = c.req.valid('param');
    const { mode } = await readObject(c, resumeInput, 'Send {"mode": "publish"}, "silently" or "afresh".');
    noteForAudit(c, { mode });
    const changed = await clients.change(clientId, (before) => resumeClient(before, mode));
    const record = changed ?? (await clients.get(clientId));
    // Also without a change: an earlier request may have been interrupted.
    const turned = await turnAll(rules, clientId, { ...c.get('author'), as: 'resume' }, (before) =>
      before.pause?.of === 'client' ? resumeRule(before, mode) : null,
    );
    return answer(c, describedTurn(clientId, record, changed !== null, turned), 200);
  });

  return app;
}

type Turned = { ruleId: string } & ({ changed: boolean } | { problem: { code: string; message: string } });

/** Pauses or resumes each rule of a client. */
async function turnAll(
  rules: RulesPort,
  clientId: string,
  edit: RuleEdit,
  next: (before: StoredRule) => PauseEdits | null,
): Promise<Turned[]> {
  const wanted = (await rules.list(clientId)).filter((stored) => next(stored) !== null);
  return inBatches(wanted, AT_ONCE, async ({ rule: { id: ruleId } }) => ({
    ruleId,
    ...(await orProblem(async () => ({ changed: (await rules.turn({ clientId, ruleId }, next, { edit })) !== null }))),
  }));
}

function describedTurn(clientId: string, record: ClientRecord, isNew: boolean, turned: readonly Turned[]) {
  const rules = turned.filter((each) => 'changed' in each && each.changed).length;
  const refused = turned.filter((each) => 'problem' in each);
  return {
    ...{ clientId, paused: pausedClientNow(record), changed: isNew || rules > 0, rules },
    problems: refused.map(({ ruleId, problem }) => ({ ruleId, problem })),
  };
}
