import type { SetCounts } from '../../temporal/client/count-partition-sets.ts';
import type { Metrics } from './metrics.ts';

/** Counting takes one Temporal query per status. */
const COUNT_EVERY_MS = 15_000;

/** Exports the number of running workflows. Exports nothing, not old values, while Temporal does not answer. */
export function watchWorkflows(metrics: Metrics, count: () => Promise<SetCounts>): void {
  const { workflowsRunning } = metrics;
  let countedAtMs = -Infinity;
  metrics.onScrape('workflows', async () => {
    const nowMs = Date.now();
    if (nowMs - countedAtMs < COUNT_EVERY_MS) return;
    countedAtMs = nowMs;
    try {
      const counts = await count();
      for (const [status, running] of Object.entries(counts)) workflowsRunning.set({ status }, running);
    } catch (error) {
      workflowsRunning.reset();
      throw error;
    }
  });
}
