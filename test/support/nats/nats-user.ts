import { connect, DeliverPolicy, ErrorCode, NatsError, type JsMsg, type NatsConnection } from 'nats';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { parseNatsUrl } from '../../../src/core/primitives/nats-address.ts';

/** A user with a plain NATS client, who knows only the subjects of vigil. */
export interface NatsUser {
  connection: NatsConnection;
  /** Publishes to `events.<clientId>.status`, with retries; resolves with the sequence. */
  send(clientId: string, data: object, type?: string): Promise<number>;
  /**
   * New alerts of a client or a rule, read from the stream: a plain subscription would also get duplicates that the
   * stream drops.
   */
  listen(clientId: string, ruleId?: string): Promise<AlertEnvelope[]>;
  /** All messages of a stream with this subject, oldest first. */
  read(stream: string, subject: string): Promise<JsMsg[]>;
  close(): Promise<void>;
}

/** Prefix of its consumer names. */
export const LISTENER = 'listener';
const ACK_WITHIN_MS = 2_000;
const AWAY = new Set<string>([ErrorCode.Timeout, ErrorCode.NoResponders, ErrorCode.Disconnect]);

export async function connectUser(natsUrl: string): Promise<NatsUser> {
  const { servers, login } = parseNatsUrl(natsUrl);
  const connection = await connect({ servers, ...login, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const js = connection.jetstream();
  return {
    connection,
    async send(clientId, data, type = 'status') {
      for (;;) {
        try {
          return (await js.publish(`events.${clientId}.${type}`, JSON.stringify(data), { timeout: ACK_WITHIN_MS })).seq;
        } catch (error) {
          // Retries while the server is unreachable, like a sender that must not lose events.
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

/** Alerts as `firing #1 condition`, for assertions. */
export const summary = (alerts: readonly AlertEnvelope[]): string[] =>
  alerts.map(({ data }) => `${data.status} #${data.episode} ${data.reason}`);
