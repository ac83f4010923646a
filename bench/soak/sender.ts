import { setTimeout as delay } from 'node:timers/promises';
import type { Nats } from '../servers/stack.ts';
import { eventAt } from './load.ts';

const TICK_MS = 50;

export interface Sender {
  /** Events that were published so far. */
  sent(): number;
  /** As many a second, steadily, until the moment (`performance.now()`). What a tick could not send, the next one does. */
  steadily(eventsPerSecond: number, untilMs: number): Promise<void>;
  /** As fast as they are worked off: at most `ahead` events more than `done` says. */
  asFastAs(done: () => number, ahead: number, untilMs: number): Promise<void>;
  /** Resolves when the stream has all of them. */
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
      // The last of a connection's messages is stored after all others; no rule wants this one.
      await nats.jetstream().publish('events.soak-end.end', '{}', { timeout: ACK_WITHIN_MS });
    },
  };
}
