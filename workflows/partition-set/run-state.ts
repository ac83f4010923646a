import type { CompiledRule } from '../../src/core/compilation/compile-rule.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { openPartitionSet } from '../../src/core/evaluation/evaluate.ts';
import { generationOf } from '../../src/core/evaluation/generation.ts';
import type { AlertComparison } from '../../src/core/evaluation/correction/compare-published.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set/partition-set-messages.ts';
import type { RulePause } from '../../src/core/model/stored-rule/rule-pause.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import type { StreamAlert } from '../../src/core/model/alert/stream-alerts.ts';
import type { ProjectedEvent } from '../../src/core/model/event/projected-event.ts';
import type { AlertPhase, AlertReason } from '../../src/core/model/alert/alert.ts';
import type { CarriedState, MutedState, PartitionSetMessage, PartitionSetView, RecoveryState } from '../messages.ts';
import type { MutedPiece, NewStart } from '../shard/messages.ts';
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
  /** What a split set is compared with: it was split while it was rebuilt. That of a whole set is in its recovery. */
  readonly comparison: AlertComparison | null;
  /** Compares the partitions of a split set with more alerts of the stream. */
  compareMore(alerts: readonly StreamAlert[]): void;
  /** Whether messages must wait. */
  mustWait(): boolean;
  /** Begins again, without state, with a version of the rule. Messages wait until a split set has. */
  open(stored: StoredRule, opening: NewStart): void;
  readonly isOpening: boolean;
  /** Applies an event. Returns false if it must wait. */
  apply(event: ProjectedEvent): boolean;
  /** Call it after the events of a message. */
  flush(): void;
  changeRule(stored: StoredRule): void;
  /** Ends the set; `RunState.ended` tells when it has ended. */
  end(end: PartitionSetEnd): void;
  /** Of a split set: what its own alert had published when it was muted; null if it is not. */
  readonly muted: MutedPiece | null;
  /** Mutes a split set. */
  mute(resolves: AlertReason): void;
  /** Unmutes a split set, once it has handled the deadlines up to `untilMs`, epoch ms. */
  unmute(untilMs: number): void;
  /** Corrects the alerts of a split set, once it has handled the deadlines up to `untilMs`, epoch ms. */
  correct(untilMs: number): void;
  /** Handles the deadlines up to the watermark `untilMs`, epoch ms. */
  advanceTo(untilMs: number): void;
  /** Earliest deadline, epoch ms; Infinity if there is none, or it must wait. */
  deadline(): number;
  /** The workflow id of the shard that holds the alert of a partition, by its key; null: it is here. */
  shardOf(key: string): string | null;
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
