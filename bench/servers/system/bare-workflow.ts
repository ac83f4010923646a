import * as wf from '@temporalio/workflow';

interface BareActivities {
  publish(text: string): Promise<void>;
}

const { publish } = wf.proxyActivities<BareActivities>({ startToCloseTimeout: '10s' });

export const pokeSignal = wf.defineSignal<[string]>('poke');

/** Signal → activity → publish: the minimum for any program on Temporal and NATS. */
export async function bare(): Promise<void> {
  const waiting: string[] = [];
  wf.setHandler(pokeSignal, (text) => void waiting.push(text));
  for (;;) {
    await wf.condition(() => waiting.length > 0);
    await publish(waiting.shift() ?? '');
  }
}
