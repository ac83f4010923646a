import type { VigilEvent } from '../core/model/event/event.ts';
import type { StoredRule } from '../core/model/stored-rule/stored-rule.ts';
import type { Rule } from '../core/model/rule/rule-schema.ts';
import { PreviewTrack, type TrackOutcome, type PreviewedAlert } from './preview-track.ts';

/** What one preview may use, for both of its rules together. */
export const PREVIEW_LIMITS = {
  /** Events that it reads. */
  events: 1_000_000,
  /** Alerts that it keeps. */
  alerts: 10_000,
  /** JSON bytes of these alerts. */
  alertBytes: 4 * 1024 * 1024,
  /** Approximate bytes of the state of the partition sets. */
  stateBytes: 32 * 1024 * 1024,
} as const;

export type PreviewLimit = 'events' | 'alerts' | 'state';

/** Alerts that only one of the two rules would have published. */
export interface PreviewDifference {
  same: number;
  onlyPreview: PreviewedAlert[];
  onlyRunning: PreviewedAlert[];
}

/**
 * Plays the same events through a rule and, if there is one, its running version, both from `fromMs` (epoch ms) on
 * without earlier knowledge. Its methods yield between small pieces of work, so that the caller can pause.
 */
export class Preview {
  /** Events played. */
  events = 0;
  /** Up to here everything is played, epoch ms. */
  clockMs: number;
  private readonly preview: PreviewTrack;
  private readonly running: PreviewTrack | null;
  private readonly tracks: PreviewTrack[];

  constructor(rule: Rule, running: StoredRule | null, fromMs: number) {
    this.clockMs = fromMs;
    this.preview = new PreviewTrack({ rule, version: (running?.version ?? 0) + 1, storedAtMs: fromMs });
    this.running = running === null ? null : new PreviewTrack({ ...running, storedAtMs: fromMs });
    this.tracks = this.running === null ? [this.preview] : [this.preview, this.running];
  }

  /** Plays an event; they come in the order of the stream. */
  *play(event: VigilEvent): Generator<void> {
    yield* this.passTo(event.storedAtMs);
    for (const track of this.tracks) track.play(event);
    this.events += 1;
    this.clockMs = event.storedAtMs;
    yield;
  }

  /** Moves the clock to the end, as if no further event arrived. */
  *finish(untilMs: number): Generator<void> {
    yield* this.passTo(Infinity, untilMs);
    this.clockMs = Math.max(this.clockMs, untilMs);
  }

  /** The limit that is reached. */
  limit(): PreviewLimit | null {
    const sum = (of: (track: PreviewTrack) => number): number =>
      this.tracks.reduce((total, track) => total + of(track), 0);
    if (sum(({ alerts }) => alerts.length) >= PREVIEW_LIMITS.alerts) return 'alerts';
    if (sum(({ alertBytes }) => alertBytes) >= PREVIEW_LIMITS.alertBytes) return 'alerts';
    if (sum(({ player }) => player.bytes) >= PREVIEW_LIMITS.stateBytes) return 'state';
    return this.events >= PREVIEW_LIMITS.events ? 'events' : null;
  }

  outcomes(): { preview: TrackOutcome; running: TrackOutcome | null; difference: PreviewDifference | null } {
    const { preview, running, clockMs } = this;
    return {
      preview: preview.outcome(clockMs),
      running: running?.outcome(clockMs) ?? null,
      difference: running === null ? null : differenceOf(preview.alerts, running.alerts),
    };
  }

  /** Handles the deadlines before a time, those of both rules side by side, so that a pause finds them at the same time. */
  private *passTo(beforeMs: number, endMs = Infinity): Generator<void> {
    const next = (): number => Math.min(...this.tracks.map(({ player }) => player.nextMs));
    for (let at = next(); at < beforeMs; at = next()) {
      for (const { player } of this.tracks) if (player.nextMs === at) player.handleDue(at, endMs);
      this.clockMs = Math.max(this.clockMs, Math.min(at, endMs));
      yield;
    }
  }
}

/** Two alerts are the same if they say the same of the same place at the same time; episodes and messages may differ. */
const keyOf = ({ at, status, severity, group, partition }: PreviewedAlert): string =>
  JSON.stringify([at, status, severity, group, partition]);

function differenceOf(preview: readonly PreviewedAlert[], running: readonly PreviewedAlert[]): PreviewDifference {
  const counts = new Map<string, number>();
  for (const key of running.map(keyOf)) counts.set(key, (counts.get(key) ?? 0) + 1);
  const take = (alert: PreviewedAlert): boolean => {
    const key = keyOf(alert);
    const count = counts.get(key) ?? 0;
    counts.set(key, count - 1);
    return count > 0;
  };
  const onlyPreview = preview.filter((alert) => !take(alert));
  // What is left of the counts has no partner.
  const onlyRunning = [...running].reverse().filter((alert) => take(alert));
  return { same: preview.length - onlyPreview.length, onlyPreview, onlyRunning: onlyRunning.reverse() };
}
