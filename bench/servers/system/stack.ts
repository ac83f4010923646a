import type { Client } from '@temporalio/client';
import { createActivities } from '../../../activities/activities.ts';
import type { Log } from '../../../src/observability/log.ts';
import { createAlertPublisher } from '../../../src/nats/alerts/alert-publisher.ts';
import { connectNats } from '../../../src/nats/connection/connection.ts';
import { createDeadLetters } from '../../../src/nats/dead-letters/dead-letter-publisher.ts';
import { createEventLog } from '../../../src/nats/events/event-log.ts';
import { openLanes } from '../../../src/nats/buckets/lanes-bucket.ts';
import { createAlertLog } from '../../../src/nats/alerts/alert-log.ts';
import { createReaderPort, openReaderLink } from '../../../src/nats/reader-link/reader-link.ts';
import { RulesBucket } from '../../../src/nats/buckets/rules-bucket.ts';
import { ensureStreams } from '../../../src/nats/connection/topology.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { ensureSearchAttributes } from '../../../src/temporal/client/search-attributes.ts';
import {
  createPartitionSetsClient,
  type PartitionSetsClient,
} from '../../../src/temporal/client/partition-sets-client.ts';
import { startSubscriber } from '../../../src/ingest/subscriber.ts';
import { closeRuntime, installRuntime } from '../../../src/temporal/worker/runtime.ts';
import { startWorker, type RunningWorker } from '../../../src/temporal/worker/worker.ts';
import { NAMESPACE, startOwnServers } from './own-servers.ts';

export type Nats = Awaited<ReturnType<typeof connectNats>>;

/** Temporal and NATS with temporary data, and vigil's parts in this process. */
export interface Stack {
  temporalAddress: string;
  nats: Nats;
  client: Client;
  rules: RulesBucket;
  sets: PartitionSetsClient;
  /** Number of signals sent so far. */
  signals: () => number;
  /** Starts a reader, optionally with a wrapped Temporal client; resolves with a function that stops it. */
  read: (through?: (sets: PartitionSetsClient) => PartitionSetsClient) => Promise<() => Promise<void>>;
  /** Stops the worker, and starts another one. */
  restartWorker: () => Promise<void>;
  stop: () => Promise<void>;
}

const TASK_QUEUE = 'vigil-bench';
const LANES = 8;
const MAX_PAYLOAD = 1024 * 1024;

const print = (fields: object, text: string): void => console.error(`bench: ${text}`, fields);
const logger: Log = { info: () => undefined, warn: print, error: print };

/** Runs a measurement with its own servers. */
export async function withStack<T>(measure: (stack: Stack) => Promise<T>): Promise<T> {
  const stack = await startStack();
  try {
    return await measure(stack);
  } finally {
    await stack.stop();
  }
}

async function startStack(): Promise<Stack> {
  await installRuntime(logger);
  const servers = await startOwnServers();
  const nats = await connectNats(servers.natsUrl, 'vigil-bench');
  const [js, jsm] = [nats.jetstream(), await nats.jetstreamManager()];
  await ensureStreams(jsm);
  const client = await connectTemporal(servers.temporalAddress, NAMESPACE);
  await ensureSearchAttributes(client, NAMESPACE);
  const activities = createActivities({
    alerts: createAlertPublisher(nats, js, jsm),
    reader: createReaderPort(nats, LANES),
  });
  const start = (): Promise<RunningWorker> =>
    startWorker({ address: servers.temporalAddress, namespace: NAMESPACE, taskQueue: TASK_QUEUE, activities });
  let worker = await start();
  const rules = await RulesBucket.open(nats);
  const plain = createPartitionSetsClient(client, TASK_QUEUE);
  let signals = 0;
  const sets: PartitionSetsClient = {
    ...plain,
    sendEvents(...of) {
      signals += 1;
      return plain.sendEvents(...of);
    },
  };

  return {
    ...{ temporalAddress: servers.temporalAddress, nats, client, rules, sets },
    signals: () => signals,
    async read(through = (same) => same) {
      const subscriber = await startSubscriber({
        ...{
          log: createEventLog({ nats, jsm }),
          lanes: await openLanes(nats, LANES),
          rules,
          alerts: createAlertLog(nats, jsm),
          sets: through(sets),
          logger,
        },
        deadLetters: createDeadLetters(js, MAX_PAYLOAD),
        metrics: {
          eventRead: () => undefined,
          routed: () => undefined,
          leftOut: () => undefined,
          overQuota: () => undefined,
          duplicate: () => undefined,
        },
      });
      const link = openReaderLink(nats, subscriber);
      subscriber.onLanes((lanes) => link.answerFor(lanes));
      return async () => {
        link.close();
        await subscriber.stop();
      };
    },
    async restartWorker() {
      await worker.stop();
      worker = await start();
    },
    async stop() {
      await worker.stop();
      await client.connection.close();
      await nats.close();
      await servers.stop();
      await closeRuntime();
    },
  };
}
