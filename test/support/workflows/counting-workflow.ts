import * as wf from '@temporalio/workflow';

const { noop } = wf.proxyActivities<{ noop(text: string): Promise<void> }>({ startToCloseTimeout: '10s' });

/** Counts signals in its memo and runs an activity per batch of signals, so that its commands depend on the batches. */
export async function counting(): Promise<void> {
  let [count, done] = [0, 0];
  wf.setHandler(wf.defineSignal('count'), () => wf.upsertMemo({ count: (count += 1) }));
  wf.setHandler(wf.defineQuery('count'), () => count);
  for (;;) {
    await wf.condition(() => count > done);
    done = count;
    await noop(String(done));
  }
}
