import { DiscardPolicy } from 'nats';
import type { NatsUser } from './nats-user.ts';

/** Has the stream of alerts refuse every further message, as one that is full does. */
export async function refuseAlerts({ connection }: NatsUser): Promise<void> {
  const { streams } = await connection.jetstreamManager();
  const { state } = await streams.info('ALERTS');
  await streams.update('ALERTS', { max_msgs: Math.max(1, state.messages), discard: DiscardPolicy.New });
}

/** Has it take all again. */
export async function openAlerts({ connection }: NatsUser): Promise<void> {
  const { streams } = await connection.jetstreamManager();
  await streams.update('ALERTS', { max_msgs: -1, discard: DiscardPolicy.Old });
}
