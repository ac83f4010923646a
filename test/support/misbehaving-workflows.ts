import * as wf from '@temporalio/workflow';

/** Works without end. */
export async function looping(): Promise<void> {
  for (;;);
}

interface Misdeed {
  /** How long the handler takes, by the clock on the wall, ms. */
  busyMs: number;
  throws: boolean;
}

/**
 * Waits until something tells it to go on, and then signals `victim`. What tells it is a handler that is busy, and may throw, before what
 * waits goes on.
 */
export async function misbehaving(victim: string): Promise<void> {
  const gate = new wf.Trigger<undefined>();
  let thrown: Error | undefined;
  wf.setHandler(wf.defineSignal<[Misdeed]>('misbehave'), ({ busyMs, throws }) => {
    gate.resolve(undefined);
    const until = wf.workflowInfo().unsafe.now() + busyMs;
    while (wf.workflowInfo().unsafe.now() < until);
    if (throws) thrown = new Error('this workflow misbehaves');
  });
  void wf.condition(() => {
    if (thrown !== undefined) throw thrown;
    return false;
  });
  await gate;
  await wf.getExternalWorkflowHandle(victim).signal('leaked');
}

/** Counts what it is sent, and commands nothing. */
export async function bystander(): Promise<void> {
  let count = 0;
  wf.setHandler(wf.defineSignal('count'), () => void (count += 1));
  wf.setHandler(wf.defineQuery('count'), () => count);
  await wf.condition(() => false);
}
