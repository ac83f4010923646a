import type { Client } from '@temporalio/client';
import { RULE_SET_WORKFLOW } from '../../workflows/messages.ts';
import { MB } from './samples.ts';

/** Size of the histories of the sets. */
export interface Histories {
  continuedAsNew: number;
  /** Maxima over the running workflows. */
  events: number;
  megabytes: number;
}

const RUNNING = `WorkflowType='${RULE_SET_WORKFLOW}' AND ExecutionStatus='Running'`;
const CONTINUED = `WorkflowType='${RULE_SET_WORKFLOW}' AND ExecutionStatus='ContinuedAsNew'`;

export async function historiesOf(client: Client): Promise<Histories> {
  const ids: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query: RUNNING })) ids.push(workflowId);
  const described = await Promise.all(ids.map((id) => client.workflow.getHandle(id).describe()));
  const { count } = await client.workflow.count(CONTINUED);
  return {
    continuedAsNew: count,
    events: Math.max(0, ...described.map(({ historyLength }) => historyLength)),
    megabytes: Math.max(0, ...described.map(({ historySize }) => historySize ?? 0)) / MB,
  };
}
