import {
  compareMore,
  correctCompared,
  publishedAt,
  type AlertComparison,
} from '../../src/core/evaluation/correction/compare-published.ts';
import { continuationOf } from '../../src/core/evaluation/continuation.ts';
import {
  correctAlerts,
  publishedAlerts,
  reasonsNow,
  type Muted,
} from '../../src/core/evaluation/correction/correct-alerts.ts';
import { compileRule } from '../../src/core/compilation/compile-rule.ts';
import { endPartitionSet } from '../../src/core/evaluation/evaluate.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set/partition-set-messages.ts';
import type { StreamAlert } from '../../src/core/model/alert/stream-alerts.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { pastOf, type AlertOutbox } from '../alerts/alert-outbox.ts';
import type { Faults } from '../shared/faults.ts';
import { generationWith } from '../shared/generation.ts';
import type { BarrierMessage, CutExtras, ShardInput } from './messages.ts';

type Corrections = Pick<ShardInput, 'comparison' | 'muted'>;

/**
 * What a shard does not publish as it goes: it is compared with what the alert stream has of its partitions, because the
 * set was split while it was rebuilt, or it is muted. Its coordinator says with barriers when that begins and ends. Each
 * method returns the set to continue with.
 */
export class ShardCorrections {
  private comparison: AlertComparison | undefined;
  private muted: Muted | undefined;
  private readonly outbox: AlertOutbox;
  private readonly faults: Faults;

  constructor({ comparison, muted }: Corrections, outbox: AlertOutbox, faults: Faults) {
    this.comparison = comparison;
    this.muted = muted;
    this.outbox = outbox;
    this.faults = faults;
    if (comparison !== undefined) outbox.past = pastOf(comparison);
    outbox.isMuted = muted !== undefined;
  }

  /** People see other alerts than the shard has. */
  get areOpen(): boolean {
    return this.comparison !== undefined || this.muted !== undefined;
  }

  /** Before the shard takes any event. */
  compareMore(set: PartitionSet, alerts: readonly StreamAlert[]): void {
    const { comparison } = this;
    if (comparison !== undefined) this.faults.guard(() => compareMore(set, comparison, alerts));
  }

  atCut(set: PartitionSet, { corrects, mutes, unmutes }: CutExtras): PartitionSet {
    if (corrects === true) return this.correct(set);
    if (unmutes === true) return this.unmute(set);
    if (mutes !== undefined && this.muted === undefined) this.mute({ before: this.published(set), resolves: mutes });
    return set;
  }

  /** With other partitions, all alerts end: see muteAnew of muting.ts. */
  beforeRule(
    set: PartitionSet,
    { rule: stored, atMs = set.state.now, opens }: Extract<BarrierMessage, { kind: 'rule' }>,
  ): PartitionSet {
    if (this.muted === undefined || continuationOf(set.rule, compileRule(stored.rule)).partitions) return set;
    const ended = this.end(set, { reason: 'ruleUpdated', atMs });
    this.outbox.collect(ended);
    const generation = opens?.generation ?? generationWith(ended, stored);
    this.mute({ before: { generation, alerts: [] }, resolves: 'ruleUpdated' });
    return ended;
  }

  /** Ends the alerts of the partitions. */
  end(set: PartitionSet, { reason, atMs }: Pick<PartitionSetEnd, 'reason' | 'atMs'>): PartitionSet {
    this.faults.guard(() => endPartitionSet(set, reason, atMs));
    return this.unmute(set, reason);
  }

  carry(): Corrections {
    const { comparison, muted } = this;
    return { ...(comparison !== undefined && { comparison }), ...(muted !== undefined && { muted }) };
  }

  private correct(set: PartitionSet): PartitionSet {
    const { comparison, muted, outbox } = this;
    if (comparison === undefined) return set;
    outbox.collect(set);
    outbox.past = null;
    this.comparison = undefined;
    if (muted === undefined) return this.faults.guard(() => correctCompared(set, comparison)) ?? set;
    muted.before = publishedAt(set, comparison);
    return set;
  }

  private mute(muted: Muted): void {
    this.muted = muted;
    this.outbox.isMuted = true;
  }

  private unmute(set: PartitionSet, resolves = this.muted?.resolves): PartitionSet {
    const { muted, outbox } = this;
    if (muted === undefined || resolves === undefined) return set;
    outbox.collect(set);
    outbox.isMuted = false;
    this.muted = undefined;
    return this.faults.guard(() => correctAlerts(set, muted.before, reasonsNow(resolves))) ?? set;
  }

  /** What waits to be published counts as published. */
  private published(set: PartitionSet): Muted['before'] {
    this.outbox.collect(set);
    return publishedAlerts(set);
  }
}
