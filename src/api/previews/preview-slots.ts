import { VigilError } from '../../core/primitives/errors.ts';
import type { MetricsPort } from '../ports/service.ts';

/** Previews that one process runs at a time, all clients together. */
const AT_ONCE = 2;
/** When to ask again. */
const RETRY_AFTER_SECONDS = 10;

export type PreviewMetrics = Pick<MetricsPort, 'previewsRunning' | 'previewsRefused' | 'previewSeconds'>;

/** Who runs a preview now: one for each client, so that none takes the places of the others. */
export class PreviewSlots {
  private readonly clients = new Set<string>();
  private readonly metrics: PreviewMetrics;

  constructor(metrics: PreviewMetrics) {
    this.metrics = metrics;
  }

  /** Takes a place. Returns the function that gives it back, and says whether it does. @throws VigilError PREVIEW_BUSY */
  take(clientId: string): () => boolean {
    const fields = { clientId, retryAfterSeconds: RETRY_AFTER_SECONDS };
    const again = `Ask again in ${RETRY_AFTER_SECONDS} seconds.`;
    const isOwn = this.clients.has(clientId);
    if (isOwn || this.clients.size >= AT_ONCE) {
      this.metrics.previewsRefused.inc();
      const why = isOwn ? 'A preview of this client runs already.' : 'Previews of other clients run.';
      throw new VigilError('PREVIEW_BUSY', `${why} ${again}`, fields);
    }
    this.clients.add(clientId);
    this.metrics.previewsRunning.inc();
    const startMs = performance.now();
    let isHeld = true;
    return () => {
      if (!isHeld) return false;
      isHeld = false;
      this.clients.delete(clientId);
      this.metrics.previewsRunning.dec();
      this.metrics.previewSeconds.observe((performance.now() - startMs) / 1_000);
      return true;
    };
  }
}
