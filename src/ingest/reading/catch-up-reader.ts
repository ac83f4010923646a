import { setTimeout as delay } from 'node:timers/promises';
import type { EventLogPort, LogMessage, LogReading } from '../ports.ts';
import type { DeliveryFields } from '../delivery/retry.ts';
import { isHandedOut, LOOK_EVERY_MS } from './handed-out.ts';
import type { ParkedMessages, Tenant } from '../fairness/tenant.ts';

export interface CatchUpDeps {
  log: Pick<EventLogPort, 'read'>;
  /** Routes a message and hands it to the signal batchers. */
  deliver: (message: LogMessage) => void;
  /** Tries until it succeeds; rejects only when the lane is given up. */
  persist: (work: () => Promise<void>, fields: DeliveryFields) => Promise<void>;
  stopping: AbortSignal;
}

/** Reads again what the lane has skipped of one tenant, as fast as that one can take it, until the lane can go on with it. */
export async function catchUp(tenant: Tenant, deps: CatchUpDeps): Promise<void> {
  const { parked: parkedMessages } = tenant;
  if (parkedMessages !== null)
    await deps.persist(() => readAgain(tenant, parkedMessages, deps), { work: 'catch-up', clientId: tenant.clientId });
}

async function readAgain(
  tenant: Tenant,
  parkedMessages: ParkedMessages,
  { log, deliver, stopping }: CatchUpDeps,
): Promise<void> {
  const isOver = (): boolean => tenant.parked !== parkedMessages;
  let count = 0;

  const readOn = async (reading: LogReading): Promise<void> => {
    for await (const messages of reading) {
      for (const message of messages) {
        // Mostly there is room, and to wait for nothing with every message would be felt.
        if (!tenant.hasRoom()) await room(tenant, stopping);
        stopping.throwIfAborted();
        if (isOver()) return;
        count += 1;
        deliver(message);
        tenant.advanceTo(message);
      }
      if (isOver()) return;
      tenant.notifyLane();
    }
    throw new Error('a reading of skipped messages broke off');
  };

  /** Ends the catch-up reader where the last that was skipped will not come any more: the stream's limits, or somebody, has removed it. */
  const lookForGone = async (reading: LogReading, over: AbortSignal): Promise<void> => {
    while (!isOver()) {
      const { last } = parkedMessages;
      if ((await isHandedOut(reading, () => count)) && parkedMessages.last === last && !isOver()) tenant.resume();
      await delay(LOOK_EVERY_MS, undefined, { signal: over });
    }
  };

  if (isOver()) return;
  await room(tenant, stopping);
  const reading = await log.read({ sequence: parkedMessages.taken.sequence + 1, clientId: tenant.clientId });
  const over = new AbortController();
  parkedMessages.isRead = true;
  try {
    await Promise.race([readOn(reading), lookForGone(reading, AbortSignal.any([stopping, over.signal]))]);
  } finally {
    parkedMessages.isRead = false;
    tenant.notifyLane();
    over.abort();
    await reading.stop();
  }
}

async function room(tenant: Tenant, stopping: AbortSignal): Promise<void> {
  for (let wait = tenant.hold(stopping); wait !== undefined; wait = tenant.hold(stopping)) {
    tenant.notifyLane();
    await wait;
  }
}
