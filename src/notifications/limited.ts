import { randomUUID } from 'node:crypto';
import type { Log } from '../observability/log.ts';
import { heldBackAlert } from './held-back-alert.ts';
import { NotificationLimit } from './notification-limit.ts';
import type { Sink } from './sinks/sink.ts';

export interface AlertQuotas {
  /** Notifications that a receiver gets of a client each minute; null: no quota. */
  alertsPerMinute(clientId: string): number | null;
  /** Counts one that is held back. */
  heldBack(clientId: string): void;
}

export interface LimitedOptions {
  receiver: string;
  sink: Sink;
  quotas: AlertQuotas;
  log: Log;
  now: () => number;
}

export interface Limited {
  /** Whether a message of the queue, by its sequence, may go out. One that is tried again was counted already. */
  mayPass(sequence: number, clientId: string): boolean;
  /** The message is not tried again. */
  settled(sequence: number): void;
  /** Stops, after a last notice of what the receiver has not got. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;

/** Holds back the notifications of clients over their quota, and tells the receiver how many, once each minute is over. */
export function limitReceiver({ receiver, sink, quotas, log, now }: LimitedOptions): Limited {
  const limit = new NotificationLimit();
  const passed = new Set<number>();
  const place = `${receiver}/${randomUUID()}`;
  let telling = Promise.resolve();

  const tell = async (untilMs: number): Promise<void> => {
    await Promise.all(
      limit.due(untilMs).map(async (held) => {
        const delivery = await sink.deliver(heldBackAlert(held, place, now()));
        if (!delivery.ok) {
          const { clientId, count } = held;
          const fields = { clientId, receiver, count, reason: delivery.reason };
          log.warn(fields, `alerts: ${receiver} did not get the notice of how many notifications were held back`);
        }
        if (delivery.ok || !delivery.retry) limit.noticed(held);
      }),
    );
  };
  const tellNext = (untilMs: number): Promise<void> => (telling = telling.then(() => tell(untilMs)));
  const timer = setInterval(() => void tellNext(now()), LOOK_EVERY_MS);
  return {
    mayPass(sequence, clientId) {
      if (passed.has(sequence)) return true;
      const quota = quotas.alertsPerMinute(clientId);
      const held = limit.take(clientId, quota, now());
      if (held === null) {
        passed.add(sequence);
        return true;
      }
      quotas.heldBack(clientId);
      if (held.count === 1)
        log.warn({ clientId, receiver, quota }, 'alerts: holding back notifications over the quota');
      return false;
    },
    settled: (sequence) => void passed.delete(sequence),
    async stop() {
      clearInterval(timer);
      await tellNext(Infinity);
    },
  };
}
