import { setTimeout as delay } from 'node:timers/promises';
import type { EventLogPort, LogMessage, LogReading } from '../ports.ts';
import type { DeliveryFields } from '../delivery/retry.ts';
import { isHandedOut, LOOK_EVERY_MS } from './handed-out.ts';
import type { ParkedMessages, Tenant } from '../fairness/tenant.ts';

export interface CatchUpDeps {
  log: Pick<EventLogPort, 'read'>;
  /** Routes a message and hands it to the signal batchers. */
  deliver: (message: LogMessage) => void;
  /** Retries until it succeeds; rejects only when the lane is released. */
  persist: (work: () => Promise<void>, fields: DeliveryFields) => Promise<void>;
  stopping: AbortSignal;
}

/** Reads the skipped messages of a parked tenant again, as fast as its sets accept them, until it can resume. */
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
        // Usually there is room, and an `await` per message would be slow.
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
    throw new Error('the reading of skipped messages ended');
  };

  /** Resumes the tenant if the last skipped message was removed from the stream, by its limits or by hand. */
  const lookForGone = async (reading: LogReading, over: AbortSignal): Promise<void> => {
    while (!isOver()) {
      const { last } = parkedMessages;
      if ((await isHandedOut(reading, () => count)) && parkedMessages.last === last && !isOver()) tenant.resume();
      await delay(LOOK_EVERY_MS, undefined, { signal: over });
    }
  };

  if (isOver()) return;
  await room(tenant, stopping);
  const reading = await log.read({ sequence: parkedMessages.delivered.sequence + 1, clientId: tenant.clientId });
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
