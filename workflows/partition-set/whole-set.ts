import type { CompiledRule } from '../../src/core/compilation/compile-rule.ts';
import { applyEvent, endPartitionSet, nextDeadline, replaceRule } from '../../src/core/evaluation/evaluate.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set/partition-set-messages.ts';
import type { ProjectedEvent } from '../../src/core/model/event/projected-event.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import { catchUp, catchUpBefore } from '../shared/catch-up.ts';
import { generationWith } from '../shared/generation.ts';
import { mayProve } from '../sandbox/own-time.ts';
import type { NewStart } from '../shard/messages.ts';
import { openedSet, type SetEvaluation, type RunState } from './run-state.ts';

/** A partition set in one piece: its workflow has all of its state. */
export class WholeSet implements SetEvaluation {
  /** Far below the 2 MB of a payload, next to the state. */
  readonly carriedBytes = 256 * 1024;
  readonly isWhole = true;
  readonly comparison = null;
  readonly isOpening = false;
  readonly muted = null;
  private readonly run: Pick<RunState, 'set' | 'ended' | 'outbox' | 'faults'>;

  constructor(run: Pick<RunState, 'set' | 'ended' | 'outbox' | 'faults'>) {
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
    this.run.faults.guard(() => endPartitionSet(this.run.set, end.reason, end.atMs));
    this.run.ended = end;
  }

  advanceTo(untilMs: number): void {
    catchUp(this.run.set, untilMs, this.run.outbox, this.run.faults);
  }

  compareMore(): void {
    // A set that is compared with so much is split: see rebuilding.ts.
  }

  correct(): void {
    // A stage of the run does it: see rebuilding.ts.
  }

  mute(): void {
    // See muting.ts.
  }

  unmute(): void {
    // See muting.ts.
  }

  deadline(): number {
    return nextDeadline(this.run.set) ?? Infinity;
  }

  shardOf(): null {
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
