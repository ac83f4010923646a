import { DiscardPolicy } from 'nats';
import type { NatsUser } from './nats-user.ts';

/** Makes the alert stream reject further messages, like a full stream. */
export async function refuseAlerts({ connection }: NatsUser): Promise<void> {
  const { streams } = await connection.jetstreamManager();
  const { state } = await streams.info('ALERTS');
  await streams.update('ALERTS', { max_msgs: Math.max(1, state.messages), discard: DiscardPolicy.New });
}

/** Makes it accept messages again. */
export async function openAlerts({ connection }: NatsUser): Promise<void> {
  const { streams } = await connection.jetstreamManager();
  await streams.update('ALERTS', { max_msgs: -1, discard: DiscardPolicy.Old });
}
