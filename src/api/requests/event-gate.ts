import { EventMeter, FILL_EVERY_MS, filledAtMs } from '../../core/model/quotas/event-meter.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import type { MetricsPort } from '../ports/service.ts';
import type { QuotasPort } from '../ports/clients.ts';

/** Refuses events over the quota of their client before they are stored. Knows only those of this process. */
export class EventGate {
  private filledAtMs = 0;
  private meters = new Map<string, EventMeter>();
  private readonly quotas: Pick<QuotasPort, 'eventsPerSecondAt'>;
  private readonly metrics: Pick<MetricsPort, 'overQuota'>;

  constructor(quotas: Pick<QuotasPort, 'eventsPerSecondAt'>, metrics: Pick<MetricsPort, 'overQuota'>) {
    this.quotas = quotas;
    this.metrics = metrics;
  }

  /** Lets one event pass. `nowMs`: epoch ms. @throws VigilError QUOTA_EVENTS */
  pass(clientId: string, nowMs: number): void {
    const quota = this.quotas.eventsPerSecondAt(clientId, nowMs);
    if (quota === null || this.meterOf(clientId, nowMs).take(nowMs, quota)) return;
    this.metrics.overQuota.inc({ client: clientId, quota: 'eventsPerSecond' });
    const retryAfterSeconds = Math.ceil((this.filledAtMs + FILL_EVERY_MS - nowMs) / 1_000);
    const advice = `It is ${quota} events a second, ${(quota * FILL_EVERY_MS) / 1_000} in 10 seconds. Send the event again in ${retryAfterSeconds} seconds, or have the quota raised: vigil quotas set ${clientId}.`;
    throw new VigilError('QUOTA_EVENTS', advice, { clientId, quota, retryAfterSeconds });
  }

  private meterOf(clientId: string, nowMs: number): EventMeter {
    const filled = filledAtMs(nowMs);
    if (filled !== this.filledAtMs) this.meters = new Map();
    this.filledAtMs = filled;
    const meter = this.meters.get(clientId) ?? new EventMeter();
    this.meters.set(clientId, meter);
    return meter;
  }
}
