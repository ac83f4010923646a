import type { EventLogPort, LogMessage, LogReading } from './ports.ts';
import type { Slip } from './floor.ts';
import { orStop } from './stopped.ts';
import type { Tenant } from './tenant.ts';

export interface DetourDeps {
  log: Pick<EventLogPort, 'read' | 'has'>;
  route: (message: LogMessage, slip: Slip) => void;
  /** Tries until it succeeds; rejects only when the lane is given up. */
  persist: (work: () => Promise<void>) => Promise<void>;
  stopping: AbortSignal;
}

/** Reads again what the lane has skipped of one tenant, as fast as that one can take it, until the lane can go on with it. */
export async function detour(tenant: Tenant, { log, route, persist, stopping }: DetourDeps): Promise<void> {
  const { skipped } = tenant;
  if (skipped === null) return;
  let next = skipped.slip.sequence;
  /** Whether nothing is left to read: at once, as the lane may skip more with its next turn. */
  const rejoined = (isOver: boolean): boolean => {
    if (isOver) tenant.rejoin();
    return isOver;
  };
  /** The same where what was skipped last has left the stream, by the stream's limits or by hand. */
  const rejoinedWithout = async (): Promise<boolean> => {
    const { last } = skipped;
    const isThere = await log.has(last);
    return rejoined(!isThere && skipped.last === last);
  };
  const readOn = async (reading: LogReading): Promise<void> => {
    if (await rejoinedWithout()) return;
    for await (const messages of reading) {
      for (const message of messages) {
        // Mostly there is room, and to wait for nothing with every message would be felt.
        if (tenant.hold() !== undefined) await room(tenant, stopping);
        stopping.throwIfAborted();
        route(message, skipped.slip);
        next = message.sequence + 1;
        if (rejoined(message.sequence >= skipped.last)) return;
        if (message.left === 0 && (await rejoinedWithout())) return;
      }
    }
    throw new Error('a reading of skipped messages broke off');
  };
  await persist(async () => {
    await room(tenant, stopping);
    const reading = await log.read({ sequence: next, clientId: tenant.clientId });
    try {
      await readOn(reading);
    } finally {
      await reading.stop();
    }
  });
}

async function room(tenant: Tenant, stopping: AbortSignal): Promise<void> {
  for (let wait = tenant.hold(); wait !== undefined; wait = tenant.hold()) await orStop(wait, stopping);
}
