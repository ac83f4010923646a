import { headers, type NatsConnection } from 'nats';

/** Resolves when the server has it. The same id twice counts as one. */
export type PublishOnce = (subject: string, body: string, id: string) => Promise<void>;

/**
 * Where a stream keeps the subject, it has to confirm, and it drops what comes again with the same id. Where none does, the
 * message goes to those who listen at the moment, with the id in its header `Nats-Msg-Id`.
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
