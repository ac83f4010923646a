import { setImmediate as breathe } from 'node:timers/promises';
import { EventMeter, readTokensFromMs } from '../../core/model/quotas/event-meter.ts';
import type { Rule } from '../../core/model/rule/rule-schema.ts';
import type { StoredRule } from '../../core/model/stored-rule/stored-rule.ts';
import { Preview, PREVIEW_LIMITS, type PreviewLimit } from '../../offline/preview.ts';
import type { EventArchivePort } from '../ports/events.ts';
import type { QuotasPort } from '../ports/clients.ts';
import { readEvent } from '../requests/check-event.ts';
import { inTime, LATE } from '../requests/in-time.ts';

/** So long a preview may take. */
export const LONGEST_PREVIEW_MS = 60_000;
/** So long it works before other requests have their turn. */
const TURN_MS = 10;
const PROGRESS_EVERY_MS = 500;

export interface PreviewProgress {
  /** Events read, of so many. */
  read: number;
  total: number;
  /** Up to here they are played, epoch ms. */
  clockMs: number;
}

export interface PreviewJob {
  rule: Rule;
  /** The stored rule with the same id. */
  running: StoredRule | null;
  sinceMs: number;
  archive: EventArchivePort;
  quotas: Pick<QuotasPort, 'eventsPerSecondAt'>;
  /** Aborted when nobody waits for the preview any more. */
  signal: AbortSignal;
  onProgress: (progress: PreviewProgress) => void;
  /** Tests set a short one. */
  longestMs?: number;
}

export interface PreviewResult extends ReturnType<Preview['outcomes']> {
  running: (NonNullable<ReturnType<Preview['outcomes']>['running']> & { version: number }) | null;
  events: { read: number; total: number; unusable: number };
  sinceMs: number;
  untilMs: number;
  /** When the stream stored its oldest event, epoch ms; NaN if it never had one. */
  streamFromMs: number;
  /** The stream has all events since then. */
  isWhole: boolean;
  /** Why it ended early, at `untilMs`. */
  stoppedBy: PreviewLimit | 'time' | null;
}

/** Plays the events of the client in the stream through the rule. Rejects with the reason of `signal` once it is aborted. */
export async function runPreview(job: PreviewJob): Promise<PreviewResult> {
  const { rule, running, sinceMs, archive, quotas, signal, onProgress, longestMs = LONGEST_PREVIEW_MS } = job;
  const endsAtMs = performance.now() + longestMs;
  const { first, firstAtMs } = await archive.extent();
  // The meter also counts the events since the tokens were filled up, which are not part of the preview.
  const hasQuota = quotas.eventsPerSecondAt(rule.clientId, sinceMs) !== null;
  const reading = await archive.read({
    sinceMs: hasQuota ? readTokensFromMs(sinceMs) : sinceMs,
    clientIds: [rule.clientId],
  });
  const preview = new Preview(rule, running, sinceMs);
  const meter = new EventMeter();
  const count = { read: 0, unusable: 0 };
  let { total } = reading;
  let turnEndsAtMs = performance.now() + TURN_MS;
  let nextProgressMs = 0;
  let stoppedBy: PreviewResult['stoppedBy'] = null;

  /** Does the work in turns. Resolves with whether there may be more. */
  async function work(steps: Iterable<void>): Promise<boolean> {
    for (const _step of steps) {
      stoppedBy = preview.limit();
      if (stoppedBy !== null) return false;
      if (performance.now() < turnEndsAtMs) continue;
      await breathe();
      signal.throwIfAborted();
      const nowMs = performance.now();
      turnEndsAtMs = nowMs + TURN_MS;
      if (nowMs >= endsAtMs) stoppedBy = 'time';
      if (nowMs >= endsAtMs) return false;
      if (nowMs < nextProgressMs) continue;
      nextProgressMs = nowMs + PROGRESS_EVERY_MS;
      onProgress({ read: count.read, total, clockMs: preview.clockMs });
    }
    return true;
  }

  let goesOn = true;
  for await (const stored of inTime(reading, signal, endsAtMs)) {
    if (stored === LATE) stoppedBy = 'time';
    if (stored === LATE) break;
    const { storedAtMs, isRepetition = false } = stored;
    const isCounted = meter.take(storedAtMs, quotas.eventsPerSecondAt(rule.clientId, storedAtMs));
    if (storedAtMs < sinceMs) {
      total -= 1;
      continue;
    }
    count.read += 1;
    const event = isCounted && !isRepetition ? readEvent(stored) : null;
    if (event === null && !isRepetition) count.unusable += 1;
    // Also events that are not valid count for the limit.
    if (count.read > PREVIEW_LIMITS.events) stoppedBy = 'events';
    goesOn = stoppedBy === null && (await work(event === null ? [undefined] : preview.play(event)));
    if (!goesOn) break;
  }
  if (goesOn && stoppedBy === null) await work(preview.finish(reading.atMs));
  const outcomes = preview.outcomes();
  return {
    ...outcomes,
    running: running === null || outcomes.running === null ? null : { ...outcomes.running, version: running.version },
    events: { ...count, total },
    sinceMs,
    untilMs: preview.clockMs,
    streamFromMs: firstAtMs,
    isWhole: first <= 1 || firstAtMs <= sinceMs,
    stoppedBy,
  };
}
