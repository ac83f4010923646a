import { setTimeout as delay } from 'node:timers/promises';
import type { StreamConsumer } from './stream-consumer.ts';

/** How often to check whether expected messages were removed from the stream. */
const LOOK_EVERY_MS = 1_000;

/**
 * Batches of a consumer until the stream has no more messages for it. The `left` of a message is not enough: messages
 * may be removed from the stream, by its limits or by hand, before they are delivered.
 */
export async function* untilEnd<T extends { left: number }>(consumer: StreamConsumer<T>): AsyncGenerator<T[]> {
  let count = 0;
  const isAtEnd = async (): Promise<boolean> => {
    const { num_pending: pending, delivered } = await consumer.info();
    return pending === 0 && delivered.consumer_seq === count;
  };
  if (await isAtEnd()) return;
  const batches = consumer[Symbol.asyncIterator]();
  let next = batches.next();
  for (;;) {
    const result = await within(LOOK_EVERY_MS, next);
    if (result === undefined) {
      if (await isAtEnd()) return;
      continue;
    }
    if (result.done === true) return;
    count += result.value.length;
    yield result.value;
    if (result.value.at(-1)?.left === 0) return;
    next = batches.next();
  }
}

/** Undefined if the promise has not settled within this time. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([promise, delay(ms, undefined, { signal: over.signal })]);
  } finally {
    over.abort();
  }
}
