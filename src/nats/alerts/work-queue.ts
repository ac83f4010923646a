import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerMessages, JsMsg, NatsConnection } from 'nats';
import type { Log } from '../../observability/log.ts';
import { ownerOf } from '../connection/owner-of.ts';
import { openPosition } from './queue-position.ts';

export type { NatsConnection } from 'nats';

export interface QueueMessage {
  subject: string;
  data: Uint8Array;
  sequence: number;
  /** 1 at the first delivery. */
  attempt: number;
}

/** `give-up`: do not retry. */
export type WorkResult = 'done' | 'give-up' | { retryInMs: number };

export interface WorkQueueOptions {
  stream: string;
  /** Name of the durable consumer, which keeps the position across restarts. */
  name: string;
  /** Called for one message at a time. If it throws, the error is logged and the message is retried. */
  handle: (message: QueueMessage) => Promise<WorkResult>;
  log: Log;
  /** The server redelivers a message without acknowledgement after this time; default 30 s. */
  ackWaitMs?: number;
}

export interface WorkQueue {
  /** Whether the queue can receive messages. */
  isUp(): boolean;
  /** Messages that wait for a retry. */
  waiting(): number;
  /** Finishes the current message and stops. */
  stop(): Promise<void>;
}

const ACK_WAIT_MS = 30_000;
const PULL_EXPIRES_MS = 10_000;
const REOPEN_PAUSE_MS = 1_000;
const RETRY_AFTER_THROW_MS = 5_000;
const HELD_RETRY_MS = 1_000;
const LONGEST_HELD_RETRY_MS = 30_000;

/**
 * A durable consumer that settles each message once per process: if an acknowledgement is lost, the redelivered message
 * is only acknowledged. Handles messages of a subject in order: while one waits for its retry, later ones wait too.
 * A new consumer starts with new messages. Recreates a deleted consumer and survives reconnects.
 */
export async function openWorkQueue(connection: NatsConnection, options: WorkQueueOptions): Promise<WorkQueue> {
  const { stream, name, handle, log, ackWaitMs = ACK_WAIT_MS } = options;
  const position = await openPosition(connection, { stream, name, ackWaitMs });
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;
  let messages: ConsumerMessages | undefined;

  void connection.closed().then(() => messages?.close());
  const working = work();
  return {
    isUp: () => messages !== undefined && !connection.isClosed(),
    waiting: () => position.unsettled().waiting(),
    async stop() {
      stopping.abort();
      void messages?.close();
      await working;
    },
  };

  async function work(): Promise<void> {
    while (!isStopping() && !connection.isClosed()) {
      try {
        const consumer = await position.consumer();
        // One at a time: a message that is buffered behind a slow one would be redelivered.
        messages = await consumer.consume({
          max_messages: 1,
          expires: PULL_EXPIRES_MS,
          abort_on_missing_resource: true,
        });
        // stop() can be called while the consumer opens.
        if (isStopping()) void messages.close();
        for await (const message of messages) await processMessage(message);
      } catch (error) {
        if (isStopping()) break;
        messages = undefined;
        log.warn({ err: error, queue: name }, 'queue: lost the consumer; reopening');
        await delay(REOPEN_PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    messages = undefined;
  }

  async function processMessage(message: JsMsg): Promise<void> {
    const unsettled = position.unsettled();
    if (isStopping()) {
      message.nak();
      return;
    }
    if (unsettled.isSettled(message.seq)) {
      await settle(message, 'done');
      return;
    }
    unsettled.delivered(message.seq, message.subject);
    const held = unsettled.hasEarlier(message.seq, message.subject);
    await settle(message, held ? { retryInMs: heldFor(message) } : await handled(message));
  }

  async function handled(message: JsMsg): Promise<WorkResult> {
    const { seq: sequence, subject, data } = message;
    const stillWorking = setInterval(() => message.working(), ackWaitMs / 3);
    try {
      return await handle({ subject, data, sequence, attempt: message.info.deliveryCount });
    } catch (error) {
      log.error(
        { ...ownerOf(subject), err: error, queue: name, sequence, subject },
        'queue: handling a message failed; will retry',
      );
      return { retryInMs: RETRY_AFTER_THROW_MS };
    } finally {
      clearInterval(stillWorking);
    }
  }

  async function settle(message: JsMsg, outcome: WorkResult): Promise<void> {
    if (typeof outcome === 'object') {
      message.nak(outcome.retryInMs);
      return;
    }
    const unsettled = position.unsettled();
    unsettled.settled(message.seq, false);
    try {
      if (outcome === 'give-up') {
        message.term();
        await connection.flush();
      } else {
        await message.ackAck();
      }
      unsettled.settled(message.seq, true);
    } catch (error) {
      log.warn(
        { ...ownerOf(message.subject), err: error, queue: name, sequence: message.seq },
        'queue: acknowledgement failed; the redelivered message will only be acknowledged',
      );
    }
  }
}

const heldFor = (message: JsMsg): number => Math.min(HELD_RETRY_MS * message.info.deliveryCount, LONGEST_HELD_RETRY_MS);
