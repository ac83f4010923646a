import type { CompiledRule } from '../../src/core/compilation/compile-rule.ts';
import type { AlertComparison } from '../../src/core/evaluation/correction/compare-published.ts';
import {
  applyEvent,
  arriveAt,
  endPartitionSet,
  nextDeadline,
  replaceRule,
} from '../../src/core/evaluation/evaluate.ts';
import type { AlertReason } from '../../src/core/model/alert/alert.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set/partition-set-messages.ts';
import type { ProjectedEvent } from '../../src/core/model/event/projected-event.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import { catchUp, catchUpBefore } from '../shared/catch-up.ts';
import { generationWith } from '../shared/generation.ts';
import { mayProve } from '../sandbox/own-time.ts';
import { endMuted, muteHere, publishDifference } from '../rebuild/muting.ts';
import { correctCompared, endComparison } from '../rebuild/rebuilding.ts';
import type { NewStart } from '../../src/core/evaluation/generation.ts';
import type { MutedState } from '../messages.ts';
import { openedSet, type SetEvaluation, type RunState } from './run-state.ts';

/** A partition set in one piece: its workflow has all of its state. */
export class WholeSet implements SetEvaluation {
  /** Far below the 2 MB of a payload, next to the state. */
  readonly carriedBytes = 256 * 1024;
  readonly isWhole = true;
  readonly comparison = null;
  readonly isOpening = false;
  private readonly run: RunState;

  constructor(run: RunState) {
    this.run = run;
  }

  get ruleVersion(): number {
    return this.run.set.state.ruleVersion;
  }

  get rule(): CompiledRule {
    return this.run.set.rule;
  }

  mustWait(): boolean {
    return false;
  }

  canBePrimed(): boolean {
    return true;
  }

  open(stored: StoredRule, { startedAtMs, generation }: NewStart): void {
    this.run.set = openedSet(stored, this.run.set.state.group, startedAtMs, generation);
  }

  apply(event: ProjectedEvent): boolean {
    const { set, outbox, faults } = this.run;
    if (!catchUpBefore(set, event, outbox, faults)) return false;
    set.mayProve = mayProve;
    applyEvent(set, event);
    return true;
  }

  flush(): void {
    // Events are applied at once.
  }

  changeRule(stored: StoredRule): void {
    const { rule, version, pause, resumed } = stored;
    const { set } = this.run;
    const isTurned = pause !== undefined || resumed?.version === version;
    // A pause changes nothing that the set has judged: not even what is due at its clock.
    if (isTurned && JSON.stringify(rule) === JSON.stringify(set.rule.rule)) set.state.ruleVersion = version;
    else this.run.set = replaceRule(set, rule, version, { generation: generationWith(set, stored) });
  }

  end(end: PartitionSetEnd): void {
    this.endAlerts(end);
    this.run.ended = end;
  }

  private endAlerts(end: Pick<PartitionSetEnd, 'reason' | 'atMs'>): void {
    const { run } = this;
    const { muted } = run;
    run.muted = null;
    if (muted !== null) endMuted(run, end, muted);
    else run.faults.guard(() => endPartitionSet(run.set, end.reason, end.atMs));
  }

  advanceTo(untilMs: number): void {
    catchUp(this.run.set, untilMs, this.run.outbox, this.run.faults);
  }

  compareMore(): void {
    // A set that is compared with so much has outgrown its workflow.
  }

  correct(untilMs: number, comparison: AlertComparison): void {
    this.advanceTo(untilMs);
    endComparison(this.run);
    correctCompared(this.run, comparison);
  }

  get muted(): MutedState | null {
    return this.run.muted;
  }

  mute(untilMs: number, resolves: AlertReason): void {
    const { run } = this;
    const muted = run.muted ?? { untilMs, ...muteHere(run, resolves) };
    run.muted = { ...muted, untilMs: Math.max(untilMs, muted.untilMs) };
  }

  muteAnew(stored: StoredRule, untilMs: number): void {
    const { run } = this;
    const untilBefore = run.muted?.untilMs ?? 0;
    this.endAlerts({ reason: 'ruleUpdated', atMs: stored.storedAtMs });
    const { before, resolves } = muteHere(run, 'ruleUpdated');
    const ofSet = before.alerts.filter(({ key }) => key === undefined);
    run.muted = {
      untilMs: Math.max(untilMs, untilBefore),
      before: { generation: generationWith(run.set, stored), alerts: ofSet },
      resolves,
    };
  }

  unmute(muted: MutedState): void {
    const { run } = this;
    this.advanceTo(muted.untilMs - 1);
    run.faults.guard(() => arriveAt(run.set, muted.untilMs));
    publishDifference(run, muted);
  }

  deadline(): number {
    return nextDeadline(this.run.set) ?? Infinity;
  }

  holderOf(): null {
    return null;
  }

  otherWorkflows(): null {
    return null;
  }

  bytes(): number {
    return 0;
  }

  isHeld(): boolean {
    return false;
  }

  phases(): readonly [] {
    return [];
  }

  describe(): string {
    return '';
  }

  view(): object {
    return {};
  }

  carry(): object {
    return {};
  }

  discard(): void {
    // All state is in this workflow.
  }

  async settle(): Promise<void> {
    // Nothing is in flight to another workflow.
  }
}
