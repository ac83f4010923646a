import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import {
  mergePages,
  PARTITION_SORTS,
  PARTITION_STATES,
  type PartitionPage,
  type PartitionPlace,
  type PartitionsRequest,
} from '../../../../core/explain/list-partitions.ts';
import { VigilError } from '../../../../core/primitives/errors.ts';
import { json, problems } from '../../../openapi/responses.ts';
import type { ApiDeps } from '../../../ports.ts';
import type { SetsPort } from '../../../ports/partition-sets.ts';
import { askShards } from '../../../requests/ask-shards.ts';
import { cursorAt, readCursor } from '../../../requests/pages.ts';
import { pageQuery } from '../../../schemas/shared/pages.ts';
import { repeatable, textFilter } from '../../../schemas/shared/params.ts';
import { partitionList, partitionSetParams, partitionSetStatus } from '../../../schemas/rules/partition-sets.ts';
import { partitionSetAt } from './partition-sets.ts';
import { answer, ruleAt } from '../stored-rule.ts';

const MOST = 500;
const USUAL = 100;
/** Of each shard, so many times its share of a page is asked first, and some more: shards have not the same shares. */
const SHARES = 2;
const MORE = 8;

const listPartitions = createRoute({
  method: 'get',
  path: '/clients/{clientId}/rules/{ruleId}/partition-sets/{partitionSetId}/partitions',
  operationId: 'listPartitions',
  tags: ['Rules'],
  summary: 'List the partitions of a partition set',
  description: 'What the partition set knows of each partition, as of its clock. Of a split set, all shards are asked.',
  request: {
    params: partitionSetParams,
    query: z.object({
      sort: z.enum(PARTITION_SORTS).default('partition').openapi({
        description: 'by the values of `partitionBy`; or the newest event first; or the largest value first',
      }),
      state: repeatable(z.enum(PARTITION_STATES), PARTITION_STATES).openapi({
        description: 'only those in one of these states',
      }),
      alert: repeatable(partitionSetStatus, partitionSetStatus.options).openapi({
        description: 'only those whose own alert is in one of these states',
      }),
      text: textFilter('only those whose names and values contain this text, in any case'),
      ...pageQuery(MOST, USUAL),
    }),
  },
  responses: {
    200: json('the partitions', partitionList),
    ...problems(
      ...(['REQUEST_INVALID', 'RULE_NOT_FOUND', 'PARTITION_SET_NOT_FOUND'] as const),
      ...(['TEMPORAL_UNREACHABLE', 'NATS_UNREACHABLE'] as const),
    ),
  },
});

/** `/clients/:clientId/rules/:ruleId/partition-sets/:partitionSetId/partitions` */
export function partitionRoutes({ rules, sets }: Pick<ApiDeps, 'rules' | 'sets'>): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(listPartitions, async (c) => {
    const { partitionSetId, ...params } = c.req.valid('param');
    const { sort, state, alert, text, limit, cursor } = c.req.valid('query');
    await ruleAt(rules, params);
    const { workflowId } = await partitionSetAt(sets, params, partitionSetId);
    const list = `partitions by ${sort}`;
    const { page, unanswered } = await pageIn(sets, workflowId, {
      ...{ sort, limit, states: state, alerts: alert },
      ...(text !== undefined && { text }),
      ...(cursor !== undefined && { after: JSON.parse(String(readCursor(list, cursor))) as PartitionPlace }),
    });
    const end = page.partitions.at(-1);
    const next = end !== undefined && page.hasMore ? cursorAt(list, JSON.stringify(end.place)) : null;
    const partitions = page.partitions.map(({ listed }) => listed);
    return answer(c, { partitions, next, ...(unanswered.length > 0 && { unanswered }) }, 200);
  });
  return app;
}

interface Pages {
  page: PartitionPage;
  /** Shards without an answer: busy, just started, or lost. Their partitions come when they are there. */
  unanswered: string[];
}

/** @throws VigilError PARTITION_SET_NOT_FOUND */
async function pageIn(sets: SetsPort, workflowId: string, request: PartitionsRequest): Promise<Pages> {
  const page = await sets.partitions(workflowId, request);
  if (page === null)
    throw new VigilError('PARTITION_SET_NOT_FOUND', 'It has ended meanwhile: list the partition sets again.', {
      workflowId,
    });
  const { shards = [] } = page;
  if (shards.length === 0) return { page, unanswered: [] };
  const share = SHARES * Math.ceil(request.limit / shards.length) + MORE;
  const few = await pageOver(sets, shards, request, Math.min(share, request.limit));
  const isShort = few.page.hasMore && few.page.partitions.length < request.limit;
  return isShort ? pageOver(sets, shards, request, request.limit) : few;
}

/** The page over all shards, of which each gives up to `each`. */
async function pageOver(
  sets: SetsPort,
  shards: readonly string[],
  request: PartitionsRequest,
  each: number,
): Promise<Pages> {
  const { answers, unanswered } = await askShards(shards, (id) => sets.partitions(id, { ...request, limit: each }));
  return { page: mergePages(answers, request.limit), unanswered };
}
