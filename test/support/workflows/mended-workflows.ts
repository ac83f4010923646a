import { condition, sleep } from '@temporalio/workflow';

/** A fixed version of the workflow in test/support/workflows/failing-workflows.ts. */
export async function throwing(): Promise<void> {
  await sleep(1);
  await condition(() => false);
}
