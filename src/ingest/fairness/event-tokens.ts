import { laneOf } from '../../core/matching/lane.ts';
import { EventMeter, filledAtMs, readTokensFromMs } from '../../core/model/quotas/event-meter.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import type { EventLogPort, EventQuotasPort, LogMessage } from '../ports.ts';
import { readRange } from '../reading/read-range.ts';
import type { StreamPosition } from '../reading/stream-position.ts';
import { clientOf } from '../routing/decode.ts';

interface Counting {
  log: Pick<EventLogPort, 'read'>;
  quotas: EventQuotasPort;
  stopping: AbortSignal;
}

/** The tokens of the clients of a lane. Each of its messages takes one, in the order of the stream. */
export class EventTokens {
  private readonly meters = new Map<string, EventMeter>();
  private readonly quotas: EventQuotasPort;
  private filledAtMs = 0;

  constructor(quotas: EventQuotasPort) {
    this.quotas = quotas;
  }

  /** Counts the messages between the last filling and the floor of the lane, so that the next one takes the right token. */
  async countUpTo(
    floor: StreamPosition,
    { log, stopping, lane }: Omit<Counting, 'quotas'> & { lane: { number: number; count: number } },
  ): Promise<void> {
    this.meters.clear();
    this.filledAtMs = filledAtMs(floor.storedAtMs);
    if (!this.quotas.limitsEventsAt(floor.storedAtMs)) return;
    const from = { timeMs: readTokensFromMs(floor.storedAtMs) };
    for await (const { subject, storedAtMs } of readRange({ log, from, until: floor, stopping })) {
      const clientId = clientOf(subject);
      if (laneOf(clientId, lane.count) === lane.number) this.take(clientId, storedAtMs);
    }
  }

  /** Why a message does not count; null if it does. `isFirst`: none of its client was refused since the last filling. */
  take(clientId: string, storedAtMs: number): { why: VigilError; isFirst: boolean } | null {
    const quota = this.quotas.eventsPerSecondAt(clientId, storedAtMs);
    if (quota === null) return null;
    const meter = this.meters.get(clientId) ?? new EventMeter();
    this.meters.set(clientId, meter);
    if (meter.take(storedAtMs, quota)) return null;
    const advice = `It is ${quota} events a second. Replay the dead letter, or have the quota raised: vigil quotas set ${clientId}.`;
    return {
      why: new VigilError('QUOTA_EVENTS', advice, { reason: 'quota', clientId, quota }),
      isFirst: meter.refused === 1,
    };
  }

  /** The stream has come to this time: forgets the clients that have all their tokens, but those that are behind. */
  filled(atMs: number, isBehind: (clientId: string) => boolean): void {
    if (filledAtMs(atMs) === this.filledAtMs) return;
    this.filledAtMs = filledAtMs(atMs);
    for (const clientId of this.meters.keys()) if (!isBehind(clientId)) this.meters.delete(clientId);
  }
}

/** The tokens of a client right before one of its messages. */
export async function meterBefore(
  { sequence, storedAtMs, subject }: LogMessage,
  { log, quotas, stopping }: Counting,
): Promise<EventMeter> {
  const meter = new EventMeter();
  const clientId = clientOf(subject);
  if (quotas.eventsPerSecondAt(clientId, storedAtMs) === null) return meter;
  const from = { timeMs: readTokensFromMs(storedAtMs) };
  for await (const earlier of readRange({ log, clientId, from, until: { sequence: sequence - 1 }, stopping }))
    meter.take(earlier.storedAtMs, null);
  return meter;
}
