import * as wf from '@temporalio/workflow';
import { ownerOfWorkflow } from '../../src/core/model/ids.ts';

/**
 * For the options of an activity: Temporal serves waiting tasks of tenants in turn, where its task queues are fair. Replay
 * does not compare it.
 */
export function fairly(): Pick<wf.ActivityOptions, 'priority'> {
  const { clientId } = ownerOfWorkflow(wf.workflowInfo().workflowId);
  return clientId === undefined ? {} : { priority: { fairnessKey: clientId } };
}
