import type { HealthReport } from '../api/ports.ts';
import type { Metrics } from './metrics.ts';

/** Has the scrapes show what /healthz says of each part. */
export function watchParts(metrics: Metrics, report: () => HealthReport): void {
  metrics.onScrape('parts', () => {
    metrics.partUp.reset();
    for (const [part, { state }] of Object.entries(report().parts)) {
      if (state !== 'off') metrics.partUp.set({ part }, state === 'up' ? 1 : 0);
    }
  });
}
