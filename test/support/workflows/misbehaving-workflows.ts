import * as wf from '@temporalio/workflow';

/** Loops forever. */
export async function looping(): Promise<void> {
  for (;;);
}

const SLICE_MS = 10;

/** Printed when a handler starts to work. */
export const AT_WORK = 'at work';

/** Busy for `forMs`; pauses of the process hardly count. */
function work(forMs: number): void {
  console.log(AT_WORK);
  const { now } = wf.workflowInfo().unsafe;
  for (let [last, workedMs] = [now(), 0]; workedMs < forMs;) {
    const next = now();
    workedMs += Math.min(next - last, SLICE_MS);
    last = next;
  }
}

interface Misdeed {
  /** Busy time of the handler, ms. */
  busyMs: number;
  throws: boolean;
}

/**
 * Waits for its handler, then signals `victim`. The handler is busy, and can throw, before the waiting code continues.
 */
export async function misbehaving(victim: string): Promise<void> {
  const gate = new wf.Trigger<undefined>();
  let thrown: Error | undefined;
  wf.setHandler(wf.defineSignal<[Misdeed]>('misbehave'), ({ busyMs, throws }) => {
    gate.resolve(undefined);
    work(busyMs);
    if (throws) thrown = new Error('this workflow misbehaves');
  });
  void wf.condition(() => {
    if (thrown !== undefined) throw thrown;
    return false;
  });
  await gate;
  await wf.getExternalWorkflowHandle(victim).signal('leaked');
}

/** Counts its signals and sends no commands. */
export async function bystander(): Promise<void> {
  let count = 0;
  wf.setHandler(wf.defineSignal('count'), () => void (count += 1));
  wf.setHandler(wf.defineQuery('count'), () => count);
  await wf.condition(() => false);
}
