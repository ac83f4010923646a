import type { EventMeter } from '../../core/model/quotas/event-meter.ts';
import { meterBefore } from '../fairness/event-tokens.ts';
import type { Lane } from '../routing/lane.ts';
import type { EventQuotasPort, LogMessage } from '../ports.ts';
import { readRange, type Range } from './read-range.ts';
import type { StreamPosition } from './stream-position.ts';

export interface Reread extends Range {
  lane: Pick<Lane, 'room'> & { quotas: EventQuotasPort };
  clientId: string;
  /** The last message, which the lane has processed. */
  until: StreamPosition;
}

/**
 * Reads a client's events again, in order and no faster than Temporal accepts them, without those that were over its quota
 * at first. Throws the signal's reason.
 */
export async function* reread({ lane, ...range }: Reread): AsyncGenerator<LogMessage> {
  const { log, clientId, stopping } = range;
  const { quotas } = lane;
  let meter: EventMeter | undefined;
  for await (const message of readRange(range)) {
    meter ??= await meterBefore(message, { log, quotas, stopping });
    for (let wait = lane.room(clientId, stopping); wait !== undefined; wait = lane.room(clientId, stopping)) await wait;
    stopping.throwIfAborted();
    const { storedAtMs } = message;
    const isCounted = meter.take(storedAtMs, quotas.eventsPerSecondAt(clientId, storedAtMs));
    if (isCounted && message.isRepetition !== true) yield message;
  }
}
