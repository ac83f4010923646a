import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { NAMED } from '../../../../core/explain/explain.ts';
import type { Explanation, OwnAlertsNow } from '../../../../core/explain/explanation.ts';
import { inWords } from '../../../../core/explain/in-words.ts';
import { whereLines } from '../../../../core/explain/where-in-words.ts';
import { partitionSetIds } from '../../../../core/model/partition-set/partition-set-ids.ts';
import type { Rule } from '../../../../core/model/rule/rule-schema.ts';
import { VigilError } from '../../../../core/primitives/errors.ts';
import type { Scalar } from '../../../../core/primitives/value.ts';
import { json, problems } from '../../../openapi/responses.ts';
import { askShards, type ShardAnswers } from '../../../requests/ask-shards.ts';
import { possibleKeys } from '../../../requests/key-text.ts';
import type { ApiDeps } from '../../../ports.ts';
import type { EventArchivePort } from '../../../ports/events.ts';
import type { SetsPort } from '../../../ports/partition-sets.ts';
import { explanation } from '../../../schemas/rules/explanation.ts';
import { ruleParams, trueOrFalse } from '../../../schemas/shared/params.ts';
import { answer, ruleAt } from '../stored-rule.ts';
import { isQuiet, whereNow } from './where-now.ts';

const FORM = 'the values, separated by commas, or a JSON object';

const text = z.string().optional();

const explainRule = createRoute({
  method: 'get',
  path: '/clients/{clientId}/rules/{ruleId}/explain',
  operationId: 'explainRule',
  tags: ['Rules'],
  summary: 'Explain a rule',
  description: 'Why the rule fires or does not, and what is ahead: what one of its partition sets knows now.',
  request: {
    params: ruleParams,
    query: z.object({
      group: text.openapi({ description: `with groupBy: ${FORM}` }),
      partition: text.openapi({ description: `of partitionBy: ${FORM}` }),
      where: trueOrFalse(
        'where',
        'true: also which of the newest events `where` matches; said anyway if no partition is live',
      ),
    }),
  },
  responses: {
    200: json('the explanation', explanation),
    ...problems(
      ...(['REQUEST_INVALID', 'RULE_NOT_FOUND', 'PARTITION_SET_NOT_FOUND', 'PARTITION_NOT_FOUND'] as const),
      ...(['TEMPORAL_UNREACHABLE', 'NATS_UNREACHABLE'] as const),
    ),
  },
});

/** `/clients/:clientId/rules/:ruleId/explain` */
export function explainRoutes({ rules, sets, archive }: Pick<ApiDeps, 'rules' | 'sets' | 'archive'>): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(explainRule, async (c) => {
    const { rule } = await ruleAt(rules, c.req.valid('param'));
    const { where: isAsked, ...asked } = c.req.valid('query');
    const found = await explained(sets, rule, asked);
    if (found === null) throw await noSet(archive, rule, asked.group);
    const full = isAsked === 'true' || isQuiet(found) ? { ...found, where: await whereNow(archive, rule) } : found;
    return answer(c, { ...full, text: inWords(full) }, 200);
  });
  return app;
}

interface Asked {
  group?: string | undefined;
  partition?: string | undefined;
}

/** Null without the partition set. @throws VigilError PARTITION_NOT_FOUND; RequestError REQUEST_INVALID */
async function explained(sets: SetsPort, rule: Rule, { group, partition }: Asked): Promise<Explanation | null> {
  const { groupBy = [], partitionBy = [] } = rule;
  const groups = possibleKeys(groupBy, group, 'group');
  // A rule without partitionBy has one partition.
  const keys =
    partition === undefined && partitionBy.length > 0 ? [undefined] : possibleKeys(partitionBy, partition, 'partition');
  for (const values of groups) {
    const found = await inSet(sets, partitionSetIds(rule).of(values), keys);
    if (found === null) continue;
    if (partition === undefined || found.partition !== null) return found;
    const advice = 'It has the partitions that have reported since it started, and those that the rule expects.';
    throw new VigilError('PARTITION_NOT_FOUND', advice, { clientId: rule.clientId, ruleId: rule.id, partition });
  }
  return null;
}

/** Says, too, why no event has started it. */
async function noSet(archive: EventArchivePort, rule: Rule, group: string | undefined): Promise<VigilError> {
  const { clientId, id: ruleId, groupBy = [], enabled = true } = rule;
  const fields = { clientId, ruleId, group };
  if (!enabled) return new VigilError('PARTITION_SET_NOT_FOUND', 'A disabled rule has none.', fields);
  const advice =
    groupBy.length > 0 && group === undefined
      ? `The rule has one partition set per group: add ?group= with the values of ${groupBy.join(', ')}.`
      : 'It starts with the first event that the rule reads.';
  const where = await whereNow(archive, rule);
  return new VigilError('PARTITION_SET_NOT_FOUND', [advice, ...whereLines(where)].join('\n'), { ...fields, where });
}

/** The first key that the set has, or its shards; null if the set does not run. */
export async function inSet(
  sets: SetsPort,
  setId: string,
  keys: readonly (Scalar[] | undefined)[],
): Promise<Explanation | null> {
  let whole: Explanation | null = null;
  for (const partition of keys) {
    const request = { atMs: Date.now(), ...(partition !== undefined && { partition }) };
    whole = await sets.explain(setId, request);
    if (whole?.shards !== undefined)
      whole = withShards(whole, await askShards(whole.shards, (id) => sets.explain(id, request)));
    if (whole === null || partition === undefined || whole.partition !== null) return whole;
  }
  return whole;
}

/** A coordinator knows counts of the whole set; only its shards know their partitions, and the alerts of these. */
function withShards(whole: Explanation, { answers: parts, unanswered }: ShardAnswers<Explanation>): Explanation {
  const owner = parts.find((part) => part.partition !== null);
  const all = parts.flatMap(({ alerts }) => alerts ?? []);
  const because = parts.flatMap(({ across }) => across?.because ?? []).slice(0, NAMED);
  return {
    ...whole,
    alerts: all.length === 0 ? whole.alerts : all.reduce(together),
    across: whole.across === null ? null : { ...whole.across, because },
    partition: owner?.partition ?? null,
    next: inOrder([...whole.next, ...(owner?.next ?? [])]),
    ...(unanswered.length > 0 && { unanswered }),
  };
}

const together = (a: OwnAlertsNow, b: OwnAlertsNow): OwnAlertsNow => ({
  live: a.live + b.live,
  states: {
    inactive: a.states.inactive + b.states.inactive,
    pending: a.states.pending + b.states.pending,
    firing: a.states.firing + b.states.firing,
  },
  open: [...a.open, ...b.open].slice(0, NAMED),
});

const inOrder = (next: Explanation['next']): Explanation['next'] => next.sort((a, b) => a.at.localeCompare(b.at));
