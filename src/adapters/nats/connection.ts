import { connect, type NatsConnection } from 'nats';
import { VigilError } from '../../core/errors.ts';

/** Connects, and from then on reconnects for as long as it takes. @throws VigilError NATS_UNREACHABLE */
export async function connectNats(url: string, name: string): Promise<NatsConnection> {
  try {
    return await connect({ servers: url, name, maxReconnectAttempts: -1, reconnectTimeWait: 250, waitOnFirstConnect: false });
  } catch (error) {
    throw new VigilError('NATS_UNREACHABLE', `Nothing answers at ${url}. Start a nats-server with JetStream there, or set NATS_URL.`, { url }, { cause: error });
  }
}
