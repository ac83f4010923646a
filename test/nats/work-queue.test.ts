import { connect, type JetStreamManager, type NatsConnection } from 'nats';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createUnsettled } from '../../src/nats/alerts/unsettled.ts';
import { openWorkQueue, type WorkResult, type QueueMessage, type WorkQueue } from '../../src/nats/alerts/work-queue.ts';
import { startTestServers, type TestServers } from '../support/servers/servers.ts';

/** Timeout for checks without a time requirement. */
const PATIENT = { timeout: 20_000 };

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

let servers: TestServers;
let connection: NatsConnection;
let manager: JetStreamManager;
let queue: WorkQueue | undefined;

beforeAll(async () => {
  servers = await startTestServers();
}, 600_000);
afterAll(() => servers.stop());

beforeEach(async () => {
  connection = await connect({ servers: servers.natsUrl, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  manager = await connection.jetstreamManager();
  await manager.streams.add({ name: 'WORK', subjects: ['work.>'] });
});
afterEach(async () => {
  await queue?.stop();
  await manager.streams.delete('WORK');
  await connection.close();
});

async function open(handle: (message: QueueMessage) => Promise<WorkResult>): Promise<void> {
  queue = await openWorkQueue(connection, { stream: 'WORK', name: 'worker', handle, log: silent, ackWaitMs: 1_000 });
}

const publish = (subject: string): Promise<unknown> => connection.jetstream().publish(subject, '');
const pending = async (): Promise<number> => (await manager.consumers.info('WORK', 'worker')).num_ack_pending;

describe('a work queue', () => {
  it('handles a message once if the connection breaks before the acknowledgement', async () => {
    const handled: number[] = [];
    let finish = (): void => undefined;
    await open(async ({ sequence }) => {
      handled.push(sequence);
      await new Promise<void>((resolve) => (finish = resolve));
      return 'done';
    });
    await publish('work.a');
    await vi.waitFor(() => expect(handled).toEqual([1]), PATIENT);
    await servers.nats.kill();
    finish();
    await servers.nats.restart();
    await vi.waitFor(async () => expect(await pending()).toBe(0), { timeout: 30_000 });
    expect(handled).toEqual([1]);
  });

  it('keeps a message that takes longer than the ack wait', async () => {
    const handled: number[] = [];
    await open(async ({ sequence }) => {
      handled.push(sequence);
      // Longer than ackWaitMs: the server would redeliver it without progress acknowledgements.
      await new Promise((resolve) => setTimeout(resolve, 1_600));
      return 'done';
    });
    await publish('work.a');
    await publish('work.b');
    await vi.waitFor(() => expect(handled).toHaveLength(2), { timeout: 10_000 });
    await vi.waitFor(async () => expect(await pending()).toBe(0), { timeout: 10_000 });
    expect(handled).toEqual([1, 2]);
  });

  it('retries a message if its handler throws', async () => {
    const attempts: number[] = [];
    await open(async ({ attempt }) => {
      attempts.push(attempt);
      if (attempt === 1) throw new Error('once');
      return 'done';
    });
    await publish('work.a');
    await vi.waitFor(() => expect(attempts).toEqual([1, 2]), { timeout: 20_000 });
  });

  it('leaves messages received during stop() to the next consumer', async () => {
    await open(async () => 'done');
    await queue?.stop();
    const handled: number[] = [];
    await publish('work.a');
    await open(async ({ sequence }) => {
      handled.push(sequence);
      return 'done';
    });
    await vi.waitFor(() => expect(handled).toEqual([1]), PATIENT);
  });
});

describe('unsettled messages', () => {
  it('start after the last settled message', () => {
    expect(createUnsettled(7).resumeAt()).toBe(8);
  });

  it('are redelivered to a new consumer, from the oldest on', () => {
    const unsettled = createUnsettled(0);
    for (const sequence of [1, 2, 3]) unsettled.delivered(sequence, 'a');
    unsettled.settled(1, true);
    unsettled.settled(3, true);
    expect(unsettled.resumeAt()).toBe(2);
    expect([1, 2, 3].map((sequence) => unsettled.isSettled(sequence))).toEqual([false, false, true]);
    unsettled.settled(2, true);
    expect(unsettled.resumeAt()).toBe(4);
  });

  it('block later messages of their subject only', () => {
    const unsettled = createUnsettled(0);
    unsettled.delivered(1, 'a');
    expect([unsettled.hasEarlier(2, 'a'), unsettled.hasEarlier(2, 'b'), unsettled.hasEarlier(1, 'a')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('stay tracked as settled until the server confirms', () => {
    const unsettled = createUnsettled(0);
    unsettled.delivered(1, 'a');
    unsettled.settled(1, false);
    unsettled.delivered(2, 'a');
    unsettled.settled(2, true);
    expect(unsettled.isSettled(1)).toBe(true);
    unsettled.settled(1, true);
    expect(unsettled.isSettled(1)).toBe(false);
  });
});
