import { createHash } from 'node:crypto';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { inWords } from '../../../../core/explain/in-words.ts';
import { VigilError } from '../../../../core/primitives/errors.ts';
import { json, problems } from '../../../openapi/responses.ts';
import type { ApiDeps } from '../../../ports.ts';
import type { SetsPort, SetSummary } from '../../../ports/partition-sets.ts';
import { pageOf } from '../../../requests/pages.ts';
import { pageQuery } from '../../../schemas/shared/pages.ts';
import { repeatable, ruleParams, type RuleParams } from '../../../schemas/shared/params.ts';
import {
  explainedPartitionSet,
  partitionSetList,
  partitionSetParams,
  partitionSetStatus,
} from '../../../schemas/rules/partition-sets.ts';
import { inSet } from './explain.ts';
import { answer, ruleAt } from '../stored-rule.ts';

const path = '/clients/{clientId}/rules/{ruleId}/partition-sets';
const tags = ['Rules'];

const listPartitionSets = createRoute({
  method: 'get',
  path,
  operationId: 'listPartitionSets',
  tags,
  summary: 'List the partition sets of a rule',
  description:
    'One for each group of `groupBy`, each with a workflow of its own, by workflow id. Temporal lists a new one after a moment.',
  request: {
    params: ruleParams,
    query: z.object({
      status: repeatable(partitionSetStatus, partitionSetStatus.options).openapi({
        description: 'only those with one of these statuses',
      }),
      ...pageQuery(),
    }),
  },
  responses: {
    200: json('the partition sets', partitionSetList),
    ...problems('REQUEST_INVALID', 'RULE_NOT_FOUND', 'TEMPORAL_UNREACHABLE', 'NATS_UNREACHABLE'),
  },
});

const getPartitionSet = createRoute({
  method: 'get',
  path: `${path}/{partitionSetId}`,
  operationId: 'getPartitionSet',
  tags,
  summary: 'Get a partition set',
  description: 'What the partition set knows now: its counts, its alert, and what is ahead.',
  request: {
    params: partitionSetParams,
  },
  responses: {
    200: json('the partition set', explainedPartitionSet),
    ...problems(
      ...(['REQUEST_INVALID', 'RULE_NOT_FOUND', 'PARTITION_SET_NOT_FOUND'] as const),
      ...(['TEMPORAL_UNREACHABLE', 'NATS_UNREACHABLE'] as const),
    ),
  },
});

export type Listed = Pick<SetSummary, 'workflowId' | 'status'> & { id: string };

const BY_WORKFLOW_ID = {
  list: 'partition-sets',
  placeOf: ({ workflowId }: Listed) => workflowId,
  isAfter: (workflowId: string, last: string) => workflowId > last,
};

/** `/clients/:clientId/rules/:ruleId/partition-sets` */
export function partitionSetRoutes({ rules, sets }: Pick<ApiDeps, 'rules' | 'sets'>): OpenAPIHono {
  const app = new OpenAPIHono();

  app.openapi(listPartitionSets, async (c) => {
    const params = c.req.valid('param');
    const { status, ...page } = c.req.valid('query');
    await ruleAt(rules, params);
    const all = await setsOf(sets, params);
    const wanted = all.filter((set) => status.length === 0 || status.includes(set.status));
    const { items, next } = pageOf(wanted, BY_WORKFLOW_ID, page);
    return answer(c, { partitionSets: items, next }, 200);
  });

  app.openapi(getPartitionSet, async (c) => {
    const { partitionSetId, ...params } = c.req.valid('param');
    await ruleAt(rules, params);
    const found = await partitionSetAt(sets, params, partitionSetId);
    const explanation = await inSet(sets, found.workflowId, [undefined]);
    if (explanation === null) throw unknownSet({ ...params, partitionSetId });
    return answer(c, { ...found, explanation: { ...explanation, text: inWords(explanation) } }, 200);
  });

  return app;
}

/** @throws VigilError PARTITION_SET_NOT_FOUND */
export async function partitionSetAt(sets: SetsPort, params: RuleParams, partitionSetId: string): Promise<Listed> {
  const found = (await setsOf(sets, params)).find(({ id }) => id === partitionSetId);
  if (found === undefined) throw unknownSet({ ...params, partitionSetId });
  return found;
}

const unknownSet = (fields: RuleParams & { partitionSetId: string }): VigilError =>
  new VigilError(
    'PARTITION_SET_NOT_FOUND',
    'List them with GET …/partition-sets; Temporal lists a new one after a moment.',
    fields,
  );

/** The running partition sets of a rule, by workflow id. */
export async function setsOf(sets: SetsPort, { clientId, ruleId }: RuleParams): Promise<Listed[]> {
  const found = (await sets.list(clientId)).filter((set) => set.ruleId === ruleId);
  return found
    .map(({ workflowId, status }) => ({ id: idOf(workflowId), workflowId, status }))
    .sort((a, b) => (a.workflowId < b.workflowId ? -1 : 1));
}

/** 128 bits of a hash: a workflow id has slashes. */
const idOf = (workflowId: string): string =>
  createHash('sha256').update(workflowId).digest().subarray(0, 16).toString('base64url');
