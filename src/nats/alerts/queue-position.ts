import {
  AckPolicy,
  DeliverPolicy,
  NatsError,
  nanos,
  type Consumer,
  type ConsumerConfig,
  type NatsConnection,
} from 'nats';
import { createUnsettled, type Unsettled } from './unsettled.ts';

/** JetStream API error code JSConsumerNotFoundErr. */
const CONSUMER_NOT_FOUND = 10014;

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
      if (error instanceof NatsError && error.api_error?.err_code === CONSUMER_NOT_FOUND) return undefined;
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
