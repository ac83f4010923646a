import { setTimeout as delay } from 'node:timers/promises';
import type { Nats } from '../servers/system/stack.ts';
import { eventAt } from './load.ts';

const TICK_MS = 50;

export interface Sender {
  /** Number of events published so far. */
  sent(): number;
  /** Sends at a constant rate until `untilMs` (`performance.now()`). A tick sends what the last one could not. */
  steadily(eventsPerSecond: number, untilMs: number): Promise<void>;
  /** Sends as fast as events are processed: at most `ahead` events more than `done()`. */
  asFastAs(done: () => number, ahead: number, untilMs: number): Promise<void>;
  /** Resolves when the stream has all events. */
  settle(): Promise<void>;
}

const ACK_WITHIN_MS = 60_000;

export function createSender(nats: Nats): Sender {
  let sent = 0;
  const send = (count: number): void => {
    const nowMs = Date.now();
    for (const end = sent + count; sent < end; sent++) {
      const { subject, data } = eventAt(sent, nowMs);
      nats.publish(subject, JSON.stringify(data));
    }
  };
  const byTick = async (untilMs: number, due: () => number): Promise<void> => {
    while (performance.now() < untilMs) {
      const tick = delay(TICK_MS);
      send(Math.max(0, Math.floor(due()) - sent));
      await nats.flush();
      await tick;
    }
  };
  return {
    sent: () => sent,
    async steadily(eventsPerSecond, untilMs) {
      const [begun, before] = [performance.now(), sent];
      await byTick(untilMs, () => before + ((performance.now() - begun) * eventsPerSecond) / 1_000);
    },
    asFastAs: (done, ahead, untilMs) => byTick(untilMs, () => done() + ahead),
    async settle() {
      // Messages of a connection are stored in order, so this one is the last; no rule matches it.
      await nats.jetstream().publish('events.soak-end.end', '{}', { timeout: ACK_WITHIN_MS });
    },
  };
}
