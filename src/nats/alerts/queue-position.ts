import { AckPolicy, DeliverPolicy, nanos, type Consumer, type ConsumerConfig, type NatsConnection } from 'nats';
import { isJetStreamError } from '../connection/jetstream-error.ts';
import { createUnsettled, type Unsettled } from './unsettled.ts';

/** Position of a work queue in its stream. */
export interface Position {
  unsettled(): Unsettled;
  /** Returns the durable consumer. Recreates a deleted one at the first unsettled message. */
  consumer(): Promise<Consumer>;
}

/** Finds the durable consumer, or creates one that starts with new messages. */
export async function openPosition(
  connection: NatsConnection,
  { stream, name, ackWaitMs }: { stream: string; name: string; ackWaitMs: number },
): Promise<Position> {
  const manager = await connection.jetstreamManager();
  const create = (start: Partial<ConsumerConfig>) =>
    manager.consumers.add(stream, {
      durable_name: name,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ackWaitMs),
      max_deliver: -1,
      ...start,
    });
  const find = async () => {
    try {
      return await manager.consumers.info(stream, name);
    } catch (error) {
      if (isJetStreamError(error, 'consumerNotFound')) return undefined;
      throw error;
    }
  };

  const found = (await find()) ?? (await create({ deliver_policy: DeliverPolicy.New }));
  let unsettled = createUnsettled(found.ack_floor.stream_seq);
  let { created } = await manager.streams.info(stream);

  async function createAgain(): Promise<void> {
    const present = await manager.streams.info(stream);
    if (present.created === created) {
      await create({ deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: unsettled.resumeAt() });
      return;
    }
    // The stream was recreated: its sequences restarted, and all its messages are new.
    created = present.created;
    unsettled = createUnsettled(0);
    await create({ deliver_policy: DeliverPolicy.All });
  }

  return {
    unsettled: () => unsettled,
    async consumer() {
      if (!(await find())) await createAgain();
      return connection.jetstream().consumers.get(stream, name);
    },
  };
}
