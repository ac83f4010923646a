import type { Client } from '@temporalio/client';
import type { SetsPort } from '../../api/ports/partition-sets.ts';
import { answerWithin } from '../../temporal/connection/answer-within.ts';
import type { PartitionSetsClient } from '../../temporal/client/partition-sets-client.ts';

/** Short, because users wait for the list of rules. */
const STATUS_WITHIN_MS = 1_500;
/** A query needs a worker, and the workflow's history if it is not in its cache. */
const QUERY_WITHIN_MS = 10_000;
/** A reset to a time reads the history of several runs. */
const RESET_WITHIN_MS = 60_000;

/** The partition sets for the API: with the time for which users wait. */
export const setsPort = (client: Client, sets: PartitionSetsClient): SetsPort => ({
  list: (clientId) => answerWithin(client, STATUS_WITHIN_MS, () => sets.running({ clientIds: [clientId] })),
  partitions: (id, request) => answerWithin(client, QUERY_WITHIN_MS, () => sets.partitions(id, request)),
  explain: (id, request) => answerWithin(client, QUERY_WITHIN_MS, () => sets.explain(id, request)),
  act: (setId, action, input) => answerWithin(client, QUERY_WITHIN_MS, () => sets.act(setId, action, input)),
  reset: (setId, by) => answerWithin(client, QUERY_WITHIN_MS, () => sets.reset(setId, by)),
  resetTo: (setId, atMs, how) => answerWithin(client, RESET_WITHIN_MS, () => sets.resetTo(setId, atMs, how)),
});
