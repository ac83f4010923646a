import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Rule } from '../../../core/model/rule/rule-schema.ts';
import type { CountedRule } from '../../../core/model/stored-rule/stored-rule.ts';
import { VigilError } from '../../../core/primitives/errors.ts';
import { json, problems } from '../../openapi/responses.ts';
import type { ApiDeps } from '../../ports.ts';
import type { SetsPort, SetSummary } from '../../ports/partition-sets.ts';
import { hasLabels, hasText } from '../../requests/filters.ts';
import { pageOf } from '../../requests/pages.ts';
import { pageQuery } from '../../schemas/shared/pages.ts';
import { clientParams, labelFilter, repeatable, textFilter } from '../../schemas/shared/params.ts';
import { ruleList, ruleStatus } from '../../schemas/rules/rules.ts';
import { answer, described } from './stored-rule.ts';

const filters = z.object({
  status: repeatable(ruleStatus, ruleStatus.options).openapi({ description: 'only rules with one of these statuses' }),
  label: labelFilter('rules'),
  text: textFilter('only rules with this text in their id, name, description or message'),
});

const listRules = createRoute({
  method: 'get',
  path: '/clients/{clientId}/rules',
  operationId: 'listRules',
  tags: ['Rules'],
  summary: 'List rules',
  description: 'The rules of a client with their status, by id. Statuses are `unknown` while Temporal does not answer.',
  request: { params: clientParams, query: filters.extend(pageQuery()) },
  responses: { 200: json('the rules', ruleList), ...problems('REQUEST_INVALID', 'NATS_UNREACHABLE') },
});

const BY_ID = {
  list: 'rules',
  placeOf: ({ rule }: CountedRule) => rule.id,
  isAfter: (id: string, last: string) => id > last,
};

/** `/clients/:clientId/rules` */
export function ruleListRoutes({ rules, sets }: Pick<ApiDeps, 'rules' | 'sets'>): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(listRules, async (c) => {
    const { clientId } = c.req.valid('param');
    const { status, label, text, ...page } = c.req.valid('query');
    const [stored, { summaries, problem }] = await Promise.all([rules.list(clientId), setsOrProblem(sets, clientId)]);
    const statusOf = statuses(summaries);
    const wanted = stored
      .filter(({ rule }) => hasLabels(rule, label) && hasText(searched(rule), text))
      .map((entry) => ({ ...entry, ...statusOf(entry) }))
      .filter((entry) => status.length === 0 || status.includes(entry.status));
    const { items, next } = pageOf(wanted, BY_ID, page);
    const listed = items.map((entry) => ({ ...described(entry), status: entry.status, sets: entry.sets }));
    return answer(c, { rules: listed, next, ...(problem && { problem }) }, 200);
  });
  return app;
}

const SEARCHED = ['id', 'name', 'description', 'message'];

const searched = (rule: Rule): string[] =>
  Object.entries(rule).flatMap(([word, value]) =>
    SEARCHED.includes(word) && typeof value === 'string' ? [value] : [],
  );

/** Rules are stored in NATS, so they can be read and changed without Temporal; only their status is unknown then. */
async function setsOrProblem(
  sets: SetsPort,
  clientId: string,
): Promise<{ summaries: SetSummary[] | null; problem?: { code: string; message: string } }> {
  try {
    return { summaries: await sets.list(clientId) };
  } catch (error) {
    if (!(error instanceof VigilError) || error.code !== 'TEMPORAL_UNREACHABLE') throw error;
    const { code, message } = error;
    return { summaries: null, problem: { code, message } };
  }
}

type Counts = Record<SetSummary['status'], number>;

/** The worst status of a rule's partition sets, and their number for each status. `summaries` null: unknown. */
function statuses(summaries: readonly SetSummary[] | null) {
  const counts = new Map<string, Counts>();
  const countsOf = (ruleId: string): Counts => counts.get(ruleId) ?? { firing: 0, pending: 0, inactive: 0 };
  for (const { ruleId, status } of summaries ?? []) {
    const before = countsOf(ruleId);
    counts.set(ruleId, { ...before, [status]: before[status] + 1 });
  }
  return ({
    rule: { id, enabled = true },
    pause,
  }: CountedRule): { status: z.infer<typeof ruleStatus>; sets: Counts | null } => {
    const count = countsOf(id);
    const worst = count.firing > 0 ? 'firing' : count.pending > 0 ? 'pending' : 'inactive';
    const running = summaries === null ? 'unknown' : worst;
    const status = !enabled ? 'disabled' : pause !== undefined ? 'paused' : running;
    return { status, sets: summaries === null ? null : count };
  };
}
