import type { AlertData } from '../core/model/alert/alert.ts';
import type { VigilEvent } from '../core/model/event/event.ts';
import type { StoredRule } from '../core/model/stored-rule/stored-rule.ts';
import { jsonBytes } from '../core/primitives/text/bytes.ts';
import { Player } from './player.ts';

const MESSAGE_LENGTH = 200;
/** Partition sets that are named in the outcome: those with the most alerts. */
const SETS_NAMED = 20;
const SECOND_MS = 1_000;

/** What is kept of an alert. */
export type PreviewedAlert = { at: string } & Pick<
  AlertData,
  'status' | 'reason' | 'severity' | 'group' | 'partition' | 'message'
>;

/** What a rule would have done. */
export interface TrackOutcome {
  /** Events that it reads. */
  matched: number;
  partitionSets: number;
  alerts: PreviewedAlert[];
  byStatus: Record<string, number>;
  /** Those with the most alerts. */
  bySet: { group: AlertData['group']; alerts: number }[];
  /** How long its alerts fired, all together. */
  firingSeconds: number;
  stillFiring: number;
}

/** One rule of a preview, and the alerts that it would have published. */
export class PreviewTrack {
  readonly player: Player;
  readonly alerts: PreviewedAlert[] = [];
  matched = 0;
  /** JSON bytes of the alerts. */
  alertBytes = 0;
  private readonly sets = new Map<string, TrackOutcome['bySet'][number]>();
  /** Since when the alerts fire that fire now, epoch ms. */
  private readonly firing = new Map<string, number>();
  private firedMs = 0;

  constructor(rule: StoredRule) {
    this.player = new Player([rule], ({ data }, setId) => this.add(data, setId));
  }

  play(event: VigilEvent): void {
    if (this.player.play(event)) this.matched += 1;
  }

  /** The outcome at `untilMs`, epoch ms. */
  outcome(untilMs: number): TrackOutcome {
    const byStatus: Record<string, number> = {};
    for (const { status } of this.alerts) byStatus[status] = (byStatus[status] ?? 0) + 1;
    const openMs = [...this.firing.values()].reduce((sum, sinceMs) => sum + Math.max(0, untilMs - sinceMs), 0);
    return {
      matched: this.matched,
      partitionSets: this.player.setIds.length,
      alerts: this.alerts,
      byStatus,
      bySet: [...this.sets.values()].sort((a, b) => b.alerts - a.alerts).slice(0, SETS_NAMED),
      firingSeconds: Math.round((this.firedMs + openMs) / SECOND_MS),
      stillFiring: this.firing.size,
    };
  }

  private add(data: AlertData, setId: string): void {
    const { status, reason, severity, group, partition, message, evaluatedAt: at } = data;
    const alert = { at, status, reason, severity, group, partition, message: message.slice(0, MESSAGE_LENGTH) };
    this.alerts.push(alert);
    this.alertBytes += jsonBytes(alert);
    const set = this.sets.get(setId) ?? { group, alerts: 0 };
    set.alerts += 1;
    this.sets.set(setId, set);
    const place = JSON.stringify([setId, partition]);
    const sinceMs = this.firing.get(place);
    if (status === 'firing') this.firing.set(place, Date.parse(at));
    if (status !== 'resolved' || sinceMs === undefined) return;
    this.firedMs += Date.parse(at) - sinceMs;
    this.firing.delete(place);
  }
}
