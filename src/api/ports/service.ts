import type { z } from 'zod';
import type { DegradedReason } from '../../core/health/degraded.ts';
import type { QuotaKind } from '../../core/model/quotas/quota-kinds.ts';
import type { Poller, VigilProcess } from '../schemas/processes.ts';
import type { health } from '../schemas/service.ts';

export type { Poller, VigilProcess };

export interface HealthReport extends Omit<z.infer<typeof health>, 'reasons'> {
  reasons: ({ part: string } & DegradedReason)[];
}

export type PartState = HealthReport['parts'][string]['state'];

export interface ProcessesPort {
  /** Oldest start first. @throws VigilError NATS_UNREACHABLE */
  list(): Promise<VigilProcess[]>;
  /** Workers that ask Temporal for tasks. @throws VigilError TEMPORAL_UNREACHABLE */
  pollers(): Promise<Poller[]>;
}

export interface MetricsPort {
  /** All metrics in the Prometheus text format. */
  text(): Promise<string>;
  /** Content type of `text()`. */
  contentType: string;
  httpSeconds: { observe(labels: { method: string; route: string; status: number }, seconds: number): void };
  /** Counts what is refused or held back because of a quota. */
  overQuota: { inc(labels: { client: string; quota: QuotaKind }): void };
  previewsRunning: { inc(): void; dec(): void };
  previewsRefused: { inc(): void };
  previewSeconds: { observe(seconds: number): void };
}
