import { headers, type NatsConnection } from 'nats';

/** Resolves when the server has the message. Messages with the same id are deduplicated. */
export type PublishOnce = (subject: string, body: string, id: string) => Promise<void>;

/**
 * If a stream stores the subject, waits for its acknowledgement; the stream drops duplicates by id. Otherwise publishes
 * to the current subscribers, with the id in the header `Nats-Msg-Id`.
 */
export function createPublishOnce(connection: NatsConnection): PublishOnce {
  const stream = connection.jetstream();
  return async (subject, body, id) => {
    if (await isKept(connection, subject)) {
      await stream.publish(subject, body, { msgID: id });
      return;
    }
    const header = headers();
    header.set('Nats-Msg-Id', id);
    connection.publish(subject, body, { headers: header });
    await connection.flush();
  };
}

async function isKept(connection: NatsConnection, subject: string): Promise<boolean> {
  const manager = await connection.jetstreamManager({ checkAPI: false });
  const streams = await manager.streams.names(subject).next();
  return streams.length > 0;
}
