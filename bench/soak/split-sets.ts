import type { Client } from '@temporalio/client';
import { RULE_SHARD_WORKFLOW } from '../../workflows/messages.ts';

/** Ids of the sets that have or had shards. A shard id starts with the id of its set. */
export async function splitSets(temporal: Client): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { workflowId } of temporal.workflow.list({ query: `WorkflowType='${RULE_SHARD_WORKFLOW}'` }))
    found.add(workflowId.slice(0, workflowId.lastIndexOf('/')));
  return found;
}
