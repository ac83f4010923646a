import type { PartitionPage } from '../../src/core/explain/list-partitions.ts';
import type { CompiledRule } from '../../src/core/compilation/compile-rule.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { openPartitionSet } from '../../src/core/evaluation/evaluate.ts';
import { generationOf, type NewStart } from '../../src/core/evaluation/generation.ts';
import type { AlertComparison } from '../../src/core/evaluation/correction/compare-published.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set/partition-set-messages.ts';
import type { RulePause } from '../../src/core/model/stored-rule/rule-pause.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import type { StreamAlert } from '../../src/core/model/alert/stream-alerts.ts';
import type { ProjectedEvent } from '../../src/core/model/event/projected-event.ts';
import type { AlertPhase, AlertReason } from '../../src/core/model/alert/alert.ts';
import type { Muted } from '../../src/core/evaluation/correction/correct-alerts.ts';
import type { CarriedState, MutedState, PartitionSetMessage, PartitionSetView, RecoveryState } from '../messages.ts';
import type { AlertOutbox } from '../alerts/alert-outbox.ts';
import type { Faults } from '../shared/faults.ts';
import type { Inbox } from './inbox.ts';

/** How the messages of a partition set are evaluated: in its own workflow, unless the set has outgrown it. */
export interface SetEvaluation {
  /** The newest known version of the rule. */
  readonly ruleVersion: number;
  readonly rule: CompiledRule;
  /** Whether all state of the set is in this workflow. */
  readonly isWhole: boolean;
  /** What the alerts in other workflows are compared with. That of a whole set is in its recovery. */
  readonly comparison: AlertComparison | null;
  /** Compares them with more alerts of the stream. */
  compareMore(alerts: readonly StreamAlert[]): void;
  /** Handles the deadlines up to `untilMs` (epoch ms), ends the comparison, and corrects the alerts. */
  correct(untilMs: number, comparison: AlertComparison): void;
  /** Whether messages must wait. */
  mustWait(): boolean;
  /** Whether the set can begin again with a version of its rule, muted. */
  canBePrimed(): boolean;
  /** Begins again, without state, with a version of the rule. Messages may have to wait until it has. */
  open(stored: StoredRule, opening: NewStart): void;
  readonly isOpening: boolean;
  /** Applies an event. Returns false if it must wait. */
  apply(event: ProjectedEvent): boolean;
  /** Call it after the events of a message. */
  flush(): void;
  changeRule(stored: StoredRule): void;
  /** Ends the set; `RunState.ended` tells when it has ended. */
  end(end: PartitionSetEnd): void;
  /** What the alerts that this workflow decides had published when they were muted; null if they are not. */
  readonly muted: Muted | null;
  /**
   * Mutes a set until it has applied everything stored before `untilMs` (epoch ms). One that is muted already stays muted
   * at least until then, and is compared with what it had published before.
   * @param resolves why alerts resolve that fired before and do not fire then
   */
  mute(untilMs: number, resolves: AlertReason): void;
  /**
   * Mutes a set that gets other partitions with a version of its rule: all its alerts end, and those that it had published
   * resolve.
   */
  muteAnew(stored: StoredRule, untilMs: number): void;
  /** Handles the deadlines before the end of `muted`, and publishes the difference. */
  unmute(muted: MutedState): void;
  /** Handles the deadlines up to the watermark `untilMs`, epoch ms. */
  advanceTo(untilMs: number): void;
  /** Earliest deadline, epoch ms; Infinity if there is none, or it must wait. */
  deadline(): number;
  /** The workflow that holds the alert of a partition, by its key; null: this one. */
  holderOf(key: string): string | null;
  /** The ids of the workflows that have the partitions; null: this one has. */
  otherWorkflows(): Pick<PartitionPage, 'shards'> | null;
  /** JSON bytes of what waits in the evaluation itself. */
  bytes(): number;
  /** JSON bytes of the waiting messages that the next run gets, next to state, outbox and rule: 2 MB in total. */
  readonly carriedBytes: number;
  /** Whether alerts are created faster than they can be published. */
  isHeld(): boolean;
  /** The phases of partitions whose state is not in this workflow. */
  phases(): readonly AlertPhase[];
  /** Text for the Temporal UI, after the description of the set. */
  describe(): string;
  view(): Partial<PartitionSetView>;
  carry(): Partial<CarriedState>;
  /** Gives up all state outside this workflow: the set is rebuilt. */
  discard(): void;
  /** Prepares the end of the run. `until` waits for a condition while the loops of the run continue. */
  settle(until: (isDone: () => boolean) => Promise<unknown>): Promise<void>;
}

/** State of a run. Its stages (intake, rebuilding, evaluation) change it in place. */
export interface RunState {
  set: PartitionSet;
  /** Why the set has ended; null while it runs. */
  ended: PartitionSetEnd | null;
  /** Set while its rule is paused. */
  pause: RulePause | undefined;
  evaluation: SetEvaluation;
  /** Set while the partition set lacks events that the reader must read again. */
  recovery: RecoveryState | null;
  /** Rules and ends deferred until the recovery is complete. */
  deferred: PartitionSetMessage[];
  /** Set while the partition set publishes nothing: see muting.ts. */
  muted: MutedState | null;
  isIntakeClosed: boolean;
  readonly inbox: Inbox;
  readonly outbox: AlertOutbox;
  readonly faults: Faults;
  /** Returns the evaluation of a set that has outgrown its workflow; null while it has not. `anyway`: it has. */
  readonly outgrow: (anyway?: boolean) => SetEvaluation | null;
}

/** Opens a set without events, for a version of its rule. `atMs`: its start, epoch ms. */
export const openedSet = (
  { rule, version }: Pick<StoredRule, 'rule' | 'version'>,
  group: PartitionSet['state']['group'],
  atMs: number,
  generation = generationOf(version, atMs),
): PartitionSet => openPartitionSet({ rule, ruleVersion: version, group, atMs, generation });

export function storedRuleOf({ set: { rule, state }, pause }: Pick<RunState, 'set' | 'pause'>): StoredRule {
  const stored = { rule: rule.rule, version: state.ruleVersion, storedAtMs: state.startedAt };
  return pause === undefined ? stored : { ...stored, pause };
}

/** Applies a newer version of the rule. */
export function applyVersion(run: Pick<RunState, 'pause' | 'evaluation'>, stored: StoredRule): void {
  run.pause = stored.pause;
  run.evaluation.changeRule(stored);
}
