import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Stack } from './stack.ts';

const TASK_QUEUE = 'bench-bare';
const SUBJECT = 'bench.bare';
const CACHED = 100;
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const WORKFLOWS = fileURLToPath(new URL(`bare-workflow.${EXTENSION}`, import.meta.url));

export interface BareProgram {
  /** Time from publishing the message to receiving the activity's message, ms. */
  roundTrip: () => Promise<number>;
  /** The same for one message to each of its workflows, all at once: the time until the last one is back, ms. */
  burst: () => Promise<number>;
  /** The ids of its workflows. */
  workflowIds: readonly string[];
  stop: () => Promise<void>;
}

/** Reads a message from a stream, signals it to a workflow, whose activity publishes it to the stream. */
export async function startBareProgram({ temporalAddress, client, nats }: Stack, workflows = 1): Promise<BareProgram> {
  const js = nats.jetstream();
  const jsm = await nats.jetstreamManager();
  await jsm.streams.add({ name: 'BENCH', subjects: [`${SUBJECT}.>`] });
  const connection = await NativeConnection.connect({ address: temporalAddress });
  const publish = async (text: string): Promise<void> => {
    await js.publish(`${SUBJECT}.out`, text);
  };
  const worker = await Worker.create({
    connection,
    taskQueue: TASK_QUEUE,
    workflowsPath: WORKFLOWS,
    activities: { publish },
    maxCachedWorkflows: Math.max(CACHED, workflows),
  });
  const running = worker.run();
  const handles = new Map<string, WorkflowHandle>();
  for (let n = 0; n < workflows; n++) {
    const workflowId = `bare-${n}`;
    handles.set(workflowId, await client.workflow.start('bare', { workflowId, taskQueue: TASK_QUEUE }));
  }
  const workflowIds = [...handles.keys()];

  const consumer = await js.consumers.get('BENCH', { filterSubjects: `${SUBJECT}.in` });
  const messages = await consumer.consume();
  void (async () => {
    for await (const message of messages) {
      const text = message.string();
      void handles.get(text.split(' ')[0] ?? '')?.signal('poke', text);
    }
  })();
  const waiting = new Map<string, () => void>();
  const subscription = nats.subscribe(`${SUBJECT}.out`, {
    callback: (_error, message) => waiting.get(message.string())?.(),
  });
  let count = 0;
  const sendTo = async (workflowId: string): Promise<void> => {
    const text = `${workflowId} ${(count += 1)}`;
    const back = new Promise<void>((resolve) => waiting.set(text, resolve));
    nats.publish(`${SUBJECT}.in`, text);
    await back;
    waiting.delete(text);
  };
  const timeOf = async (work: () => Promise<unknown>): Promise<number> => {
    const begun = performance.now();
    await work();
    return performance.now() - begun;
  };
  return {
    workflowIds,
    roundTrip: () => timeOf(() => sendTo(workflowIds[0] ?? '')),
    burst: () => timeOf(() => Promise.all(workflowIds.map(sendTo))),
    async stop() {
      subscription.unsubscribe();
      await messages.close();
      for (const handle of handles.values()) await handle.terminate('the bench is over');
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
