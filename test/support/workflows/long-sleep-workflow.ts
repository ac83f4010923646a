import { sleep } from '@temporalio/workflow';

export async function sleepThirtyDays(): Promise<string> {
  await sleep('30 days');
  return 'awake';
}
