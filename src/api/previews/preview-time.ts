import type { Quotas } from '../../core/model/quotas/quotas.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import type { MetricsPort } from '../ports/service.ts';
import { LONGEST_PREVIEW_MS } from './run-preview.ts';

const HOUR_MS = 3_600_000;

/** For how long previews of each client have run in this hour. */
export class PreviewTime {
  private hour = 0;
  private usedMs = new Map<string, number>();
  private readonly metrics: Pick<MetricsPort, 'overQuota'>;

  constructor(metrics: Pick<MetricsPort, 'overQuota'>) {
    this.metrics = metrics;
  }

  /** For how long the next preview may run. `nowMs`: epoch ms. @throws VigilError QUOTA_PREVIEWS */
  left(clientId: string, { previewSecondsPerHour: quota }: Quotas, nowMs: number): number {
    if (quota === null) return LONGEST_PREVIEW_MS;
    const left = quota * 1_000 - (this.inHourOf(nowMs).get(clientId) ?? 0);
    if (left > 0) return Math.min(left, LONGEST_PREVIEW_MS);
    this.metrics.overQuota.inc({ client: clientId, quota: 'previewSecondsPerHour' });
    const retryAfterSeconds = Math.ceil((HOUR_MS - (nowMs % HOUR_MS)) / 1_000);
    const advice = `It is ${quota} seconds an hour. Ask again in ${retryAfterSeconds} seconds, or have the quota raised: vigil quotas set ${clientId}.`;
    throw new VigilError('QUOTA_PREVIEWS', advice, { clientId, quota, retryAfterSeconds });
  }

  spend(clientId: string, ms: number, nowMs: number): void {
    const used = this.inHourOf(nowMs);
    used.set(clientId, (used.get(clientId) ?? 0) + ms);
  }

  private inHourOf(nowMs: number): Map<string, number> {
    const hour = Math.floor(nowMs / HOUR_MS);
    if (hour !== this.hour) this.usedMs = new Map();
    this.hour = hour;
    return this.usedMs;
  }
}
