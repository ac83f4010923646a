import * as wf from '@temporalio/workflow';

/** Workflows whose tasks fail in different ways, to test the detection. */

const { noop } = wf.proxyActivities<{ noop(text: string): Promise<void> }>({ startToCloseTimeout: '10s' });

export async function throwing(): Promise<void> {
  await wf.sleep(1);
  throw new TypeError('x is undefined');
}

/** Continues as new with an input of this size. */
export async function growing(bytes: number, _pad = ''): Promise<void> {
  await wf.sleep(1);
  await wf.continueAsNew<typeof growing>(bytes, 'x'.repeat(bytes));
}

/** Makes other decisions on replay. */
export async function wavering(): Promise<void> {
  let goesOn = false;
  wf.setHandler(wf.defineSignal('goOn'), () => void (goesOn = true));
  if (wf.workflowInfo().unsafe.isReplaying) await wf.sleep('1h');
  else await noop('');
  await wf.condition(() => goesOn);
}
