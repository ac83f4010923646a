import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Stack } from './stack.ts';

const TASK_QUEUE = 'bench-bare';
const SUBJECT = 'bench.bare';
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const WORKFLOWS = fileURLToPath(new URL(`bare-workflow.${EXTENSION}`, import.meta.url));

export interface BareProgram {
  /** Time from publishing the message to receiving the activity's message, ms. */
  roundTrip: () => Promise<number>;
  stop: () => Promise<void>;
}

/** Reads a message from a stream, signals it to a workflow, whose activity publishes it to the stream. */
export async function startBareProgram({ temporalAddress, client, nats }: Stack): Promise<BareProgram> {
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
  });
  const running = worker.run();
  const handle = await client.workflow.start('bare', { workflowId: 'bare', taskQueue: TASK_QUEUE });

  const consumer = await js.consumers.get('BENCH', { filterSubjects: `${SUBJECT}.in` });
  const messages = await consumer.consume();
  void (async () => {
    for await (const message of messages) void handle.signal('poke', message.string());
  })();
  const waiting = new Map<string, () => void>();
  const subscription = nats.subscribe(`${SUBJECT}.out`, {
    callback: (_error, message) => waiting.get(message.string())?.(),
  });
  let count = 0;
  return {
    async roundTrip() {
      const text = String((count += 1));
      const begun = performance.now();
      const back = new Promise<void>((resolve) => waiting.set(text, resolve));
      nats.publish(`${SUBJECT}.in`, text);
      await back;
      waiting.delete(text);
      return performance.now() - begun;
    },
    async stop() {
      subscription.unsubscribe();
      await messages.close();
      await handle.terminate('the bench is over');
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
