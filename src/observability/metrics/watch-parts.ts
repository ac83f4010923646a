import type { HealthReport } from '../../api/ports/service.ts';
import { DEGRADED } from '../../core/health/degraded.ts';
import type { Metrics } from './metrics.ts';

interface Health {
  report: () => HealthReport;
  /** All reasons; a report has only the oldest. */
  reasons: () => HealthReport['reasons'];
}

/** Exports the state of each part and the number of degraded reasons by code, as in /healthz. */
export function watchParts(metrics: Metrics, { report, reasons }: Health): void {
  const { partUp, degradedReasons } = metrics;
  metrics.onScrape('parts', () => {
    partUp.reset();
    for (const [part, { state }] of Object.entries(report().parts)) {
      if (state !== 'off') partUp.set({ part }, state === 'up' || state === 'degraded' ? 1 : 0);
    }
    for (const code of Object.keys(DEGRADED)) degradedReasons.set({ code }, 0);
    for (const { code } of reasons()) degradedReasons.inc({ code });
  });
}
