import { inspect } from 'node:util';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { createPartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';

/** Prints the state of late sets and their shards, and their pending tasks in Temporal. */
export async function showSets(temporalAddress: string, setIds: readonly string[]): Promise<void> {
  const temporal = await connectTemporal(temporalAddress, 'default');
  const sets = createPartitionSetsClient(temporal, '');
  for (const setId of setIds) {
    const coordinator = await sets.state(setId).catch(String);
    const shards = typeof coordinator === 'string' ? [] : (coordinator?.shards?.ids ?? []);
    for (const id of [setId, ...shards]) {
      const { pendingActivities, pendingWorkflowTask, workflowExecutionInfo } = (
        await temporal.workflow.getHandle(id).describe()
      ).raw;
      const view = await sets.state(id).catch(String);
      const waitsFor = {
        pendingActivities,
        pendingWorkflowTask,
        history: String(workflowExecutionInfo?.historyLength),
      };
      console.error(
        `${id} is late: ${inspect({ view, ...waitsFor }, { depth: 4, breakLength: 200, maxArrayLength: 20 })}`,
      );
    }
  }
  await temporal.connection.close();
}
