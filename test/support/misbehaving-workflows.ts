import * as wf from '@temporalio/workflow';

/** Works without end. */
export async function looping(): Promise<void> {
  for (;;);
}

const SLICE_MS = 10;

/** What a process prints once a handler is at work. */
export const AT_WORK = 'at work';

/** Works for a time. One in which the process is paused hardly counts. */
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
  /** How long the handler works, ms. */
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

/** Counts what it is sent, and commands nothing. */
export async function bystander(): Promise<void> {
  let count = 0;
  wf.setHandler(wf.defineSignal('count'), () => void (count += 1));
  wf.setHandler(wf.defineQuery('count'), () => count);
  await wf.condition(() => false);
}
