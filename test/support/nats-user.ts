import { connect, DeliverPolicy, ErrorCode, NatsError, type JsMsg, type NatsConnection } from 'nats';
import type { AlertEnvelope } from '../../src/core/model/alert.ts';

/** Somebody with a NATS client of their own, who knows nothing of vigil but its subjects. */
export interface NatsUser {
  connection: NatsConnection;
  /** Publishes on `events.<clientId>.status`, again until the stream has it; resolves with the sequence. */
  send(clientId: string, data: object, type?: string): Promise<number>;
  /** The alerts of a client, or of one rule, that the stream takes from now on: a plain subscription would also see repeats that the stream drops. */
  listen(clientId: string, ruleId?: string): Promise<AlertEnvelope[]>;
  /** Everything that a stream holds on a subject now, oldest first. */
  read(stream: string, subject: string): Promise<JsMsg[]>;
  close(): Promise<void>;
}

/** How the names of its consumers begin. */
export const LISTENER = 'listener';
const ACK_WITHIN_MS = 2_000;
const AWAY = new Set<string>([ErrorCode.Timeout, ErrorCode.NoResponders, ErrorCode.Disconnect]);

export async function connectUser(natsUrl: string): Promise<NatsUser> {
  const connection = await connect({ servers: natsUrl, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const js = connection.jetstream();
  return {
    connection,
    async send(clientId, data, type = 'status') {
      for (;;) {
        try {
          return (await js.publish(`events.${clientId}.${type}`, JSON.stringify(data), { timeout: ACK_WITHIN_MS })).seq;
        } catch (error) {
          // A server that is away: again, as a sender should that must not lose anything.
          if (!(error instanceof NatsError) || !AWAY.has(error.code)) throw error;
        }
      }
    },
    async listen(clientId, ruleId = '*') {
      const alerts: AlertEnvelope[] = [];
      const consumer = await js.consumers.get('ALERTS', {
        filterSubjects: `alerts.${clientId}.${ruleId}`,
        deliver_policy: DeliverPolicy.New,
        name_prefix: LISTENER,
      });
      await consumer.consume({ callback: (message) => alerts.push(message.json<AlertEnvelope>()) });
      return alerts;
    },
    async read(stream, subject) {
      const consumer = await js.consumers.get(stream, { filterSubjects: subject });
      const { num_pending: pending } = await consumer.info();
      const found: JsMsg[] = [];
      if (pending === 0) return found;
      const messages = await consumer.consume();
      for await (const message of messages) {
        found.push(message);
        if (message.info.pending === 0) break;
      }
      await consumer.delete();
      return found;
    },
    close: () => connection.close(),
  };
}

/** `firing #1 condition`, and so on: what a test usually asks of alerts. */
export const summary = (alerts: readonly AlertEnvelope[]): string[] =>
  alerts.map(({ data }) => `${data.status} #${data.episode} ${data.reason}`);
