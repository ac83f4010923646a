import type { Log } from '../../observability/log.ts';
import { DEGRADED, degraded, type DegradedReason } from '../../core/health/degraded.ts';
import type { FailingSummary } from '../../core/health/failing-work.ts';
import { heldReasons, HeldPartitionSets } from '../../ingest/delivery/held-partition-sets.ts';
import type { Subscriber } from '../../ingest/subscriber.ts';

const LOOK_EVERY_MS = 5_000;
/** Every restart of Temporal makes deliveries fail for a shorter time; that is not reported. */
const FAILS_FOR_LONG_MS = 30_000;
const LINE_EVERY_MS = 60_000;

/** Reports held partition sets and deliveries that keep failing, in the log and in /healthz. */
export function watchSubscriber(
  subscriber: Pick<Subscriber, 'held' | 'failing'>,
  log: Log,
): { reasons: () => DegradedReason[]; stop: () => void } {
  const sets = new HeldPartitionSets(log);
  let lineMs = -Infinity;
  const failing = (nowMs: number): FailingSummary | null => {
    const summary = subscriber.failing();
    return summary !== null && nowMs - summary.sinceMs >= FAILS_FOR_LONG_MS ? summary : null;
  };
  const look = (): void => {
    const nowMs = Date.now();
    sets.look(subscriber.held(), nowMs);
    const summary = failing(nowMs);
    if (summary === null || nowMs - lineMs < LINE_EVERY_MS) return;
    lineMs = nowMs;
    log.error(
      { failing: summary.count, since: new Date(summary.sinceMs).toISOString() },
      `${whatOf(summary)} ${DEGRADED.DELIVERY_FAILS}`,
    );
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    reasons() {
      const nowMs = Date.now();
      const summary = failing(nowMs);
      const deliveries =
        summary === null
          ? []
          : [
              degraded('DELIVERY_FAILS', whatOf(summary), summary.sinceMs, {
                detail: summary.detail,
                failing: summary.count,
              }),
            ];
      return [...heldReasons(subscriber.held(), nowMs), ...deliveries];
    },
    stop: () => clearInterval(timer),
  };
}

const whatOf = ({ detail }: FailingSummary): string => `Deliveries to Temporal or NATS keep failing: ${detail}.`;
