import { condition, sleep } from '@temporalio/workflow';

/** The workflow of test/support/failing-workflows.ts, as a later version has it. */
export async function throwing(): Promise<void> {
  await sleep(1);
  await condition(() => false);
}
