import * as wf from '@temporalio/workflow';
import type { AlertPhase, AlertReason } from '../../src/core/model/alert/alert.ts';
import type { PartitionPage } from '../../src/core/explain/list-partitions.ts';
import type { CompiledRule } from '../../src/core/compilation/compile-rule.ts';
import { acceptsEvent, countOverflow, nextDeadline } from '../../src/core/evaluation/evaluate.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set/partition-set-messages.ts';
import type { ProjectedEvent } from '../../src/core/model/event/projected-event.ts';
import { shardOf } from '../../src/core/sharding/shard-of.ts';
import type { AlertComparison } from '../../src/core/evaluation/correction/compare-published.ts';
import type { StreamAlert } from '../../src/core/model/alert/stream-alerts.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import type { Muted } from '../../src/core/evaluation/correction/correct-alerts.ts';
import type { NewStart } from '../../src/core/evaluation/generation.ts';
import type { CarriedState, MutedState, PartitionSetView } from '../messages.ts';
import type { SetEvaluation, RunState } from '../partition-set/run-state.ts';
import { WholeSet } from '../partition-set/whole-set.ts';
import { cancelWorkflows } from '../shared/cancel-workflows.ts';
import type { ShardCoordinator } from './shard-coordinator.ts';

/** A partition set over several shards: this workflow only coordinates them. */
export class SplitSet implements SetEvaluation {
  /** Far below the 2 MB of a payload, as the state itself is small. */
  readonly carriedBytes = 1_280 * 1024;
  readonly isWhole = false;
  readonly coordinator: ShardCoordinator;
  private readonly run: RunState;

  constructor(run: RunState, coordinator: ShardCoordinator) {
    this.run = run;
    this.coordinator = coordinator;
  }

  /** The shards may not have it yet. */
  get ruleVersion(): number {
    return this.coordinator.ruleVersion;
  }

  get rule(): CompiledRule {
    return this.coordinator.rule;
  }

  get comparison(): AlertComparison | null {
    return this.coordinator.comparison;
  }

  compareMore(alerts: readonly StreamAlert[]): void {
    this.coordinator.compareMore(alerts);
  }

  mustWait(): boolean {
    return this.coordinator.isEnding() || this.coordinator.isOpening();
  }

  canBePrimed(): boolean {
    // Replay: before this patch, split sets continued with what the new version could use.
    return wf.patched('primed-shards');
  }

  open(stored: StoredRule, opening: NewStart): void {
    this.coordinator.open(stored, opening);
  }

  get isOpening(): boolean {
    return this.coordinator.isOpening();
  }

  apply(event: ProjectedEvent): boolean {
    const { set } = this.run;
    if (!acceptsEvent(set.state, event)) return true;
    if (event.isLeftOut === true) countOverflow(set);
    else {
      this.coordinator.partitionsMax = set.state.partitionsMax;
      this.coordinator.forward(event);
    }
    return true;
  }

  flush(): void {
    this.coordinator.flush();
  }

  changeRule(stored: StoredRule): void {
    this.coordinator.changeRule(stored, wf.patched('rule-moment'));
  }

  /** Alerts end with the barrier. */
  end(end: PartitionSetEnd): void {
    this.run.muted = null;
    this.coordinator.end(end);
  }

  get muted(): Muted | null {
    return this.coordinator.muted;
  }

  /** All pieces are muted, and unmuted, with barriers: at the same point of the event order. */
  mute(untilMs: number, resolves: AlertReason): void {
    const { run } = this;
    // Replay: before this patch, split sets published as they went.
    if (run.muted === null && !wf.patched('muted-shards')) return;
    if (run.muted === null) this.coordinator.mute(resolves);
    run.muted = mutedElsewhere(run.muted ?? { untilMs, resolves }, untilMs);
  }

  /** Alerts end when the pieces get the version. */
  muteAnew(_stored: StoredRule, untilMs: number): void {
    this.mute(untilMs, 'ruleUpdated');
  }

  unmute({ untilMs }: MutedState): void {
    this.coordinator.unmute(untilMs - 1);
  }

  correct(untilMs: number): void {
    this.coordinator.correct(untilMs);
  }

  advanceTo(untilMs: number): void {
    this.coordinator.advanceTo(untilMs);
  }

  /** Reports of the shards come first. */
  deadline(): number {
    if (this.coordinator.isAsking() || this.coordinator.isClosing()) return Infinity;
    const { set } = this.run;
    return Math.min(set.rule.each ? Infinity : (nextDeadline(set) ?? Infinity), this.coordinator.dueAt());
  }

  holderOf(key: string): string | null {
    const { all } = this.coordinator.outboxes;
    return all[shardOf(key, all.length)]?.shardId ?? null;
  }

  otherWorkflows(): Required<Pick<PartitionPage, 'shards'>> {
    return { shards: this.coordinator.outboxes.all.map(({ shardId }) => shardId) };
  }

  bytes(): number {
    return this.coordinator.outboxes.size();
  }

  isHeld(): boolean {
    return this.coordinator.isHeld();
  }

  phases(): readonly AlertPhase[] {
    return this.run.set.rule.each ? this.coordinator.statuses() : [];
  }

  describe(): string {
    const { length } = this.coordinator.outboxes.all;
    return `\n\nSplit over ${length} shards: workflows of type \`ruleShard\` whose ids begin with this one's.`;
  }

  view(): Partial<PartitionSetView> {
    const { outboxes } = this.coordinator;
    return { shards: { ids: this.otherWorkflows().shards, waiting: outboxes.waiting() } };
  }

  carry(): Partial<CarriedState> {
    return { desk: this.coordinator.carry() };
  }

  discard(): void {
    const { outboxes } = this.coordinator;
    outboxes.stop();
    cancelWorkflows(outboxes.all.map(({ shardId }) => shardId));
    // The rebuilt set is muted again where this one was.
    this.run.muted = null;
    this.run.outbox.isMuted = false;
    this.run.evaluation = new WholeSet(this.run);
  }

  /**
   * When the run ends, nothing may be in flight to a shard: it would be unknown whether it arrived. A shard may be lost
   * meanwhile.
   */
  async settle(until: (isDone: () => boolean) => Promise<unknown>): Promise<void> {
    const { coordinator, run } = this;
    const isDone = (condition: () => boolean): Promise<unknown> =>
      until(() => coordinatorOf(run) !== coordinator || condition());
    await isDone(() => coordinator.outboxes.areLight());
    coordinator.close();
    await isDone(() => !coordinator.isAsking());
    // Replay: histories recorded before this patch took messages until the end of the run.
    if (wf.patched('closed-intake')) {
      // Messages from now on wait for the next run, so that the shard outboxes do not grow.
      run.isIntakeClosed = true;
      await isDone(() => coordinator.outboxes.areLight());
    }
    coordinator.outboxes.pause();
    await isDone(() => coordinator.outboxes.isQuiet());
  }
}

/** What the run of a split set knows of its being muted: each piece knows what it had published before. */
export const mutedElsewhere = (
  { untilMs, resolves }: Pick<MutedState, 'untilMs' | 'resolves'>,
  laterMs = 0,
): MutedState => ({
  ...{ untilMs: Math.max(untilMs, laterMs), resolves },
  before: { generation: '', alerts: [] },
});

/** The coordinator of a split set; null for one in one piece. */
export const coordinatorOf = ({ evaluation }: Pick<RunState, 'evaluation'>): ShardCoordinator | null =>
  evaluation instanceof SplitSet ? evaluation.coordinator : null;
