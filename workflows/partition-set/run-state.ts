import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { openPartitionSet } from '../../src/core/evaluation/evaluate.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set-messages.ts';
import type { StoredRule } from '../../src/core/model/stored-rule.ts';
import type { PartitionSetMessage, RecoveryState, SplitPlan } from '../messages.ts';
import type { AlertOutbox } from '../shared/alert-outbox.ts';
import type { Faults } from '../shared/faults.ts';
import type { ShardCoordinator } from '../shard/shard-coordinator.ts';
import type { Inbox } from './inbox.ts';

/** State of a run. Its stages (intake, rebuilding, splitting) change it in place. */
export interface RunState {
  set: PartitionSet;
  /** Why the set has ended; null while it runs. */
  ended: PartitionSetEnd | null;
  /** Set once the partition set is split. */
  coordinator: ShardCoordinator | null;
  /** Set while the partition set lacks events that the reader must read again. */
  recovery: RecoveryState | null;
  /** Rules and ends deferred until the recovery is complete. */
  deferred: PartitionSetMessage[];
  isIntakeClosed: boolean;
  readonly inbox: Inbox;
  readonly outbox: AlertOutbox;
  readonly faults: Faults;
  readonly plan: SplitPlan;
  readonly signalsPerRun: number | undefined;
}

/** From the rule's version and the set's start, so that a rebuilt set gives its alerts the same ids. */
export const generationOf = (version: number, startedAtMs: number): string => `${startedAtMs.toString(36)}.${version}`;

/** Opens a set without events, for a version of its rule. `atMs`: its start, epoch ms. */
export const openedSet = (
  { rule, version }: Pick<StoredRule, 'rule' | 'version'>,
  group: PartitionSet['state']['group'],
  atMs: number,
  generation = generationOf(version, atMs),
): PartitionSet => openPartitionSet({ rule, ruleVersion: version, group, atMs, generation });

export function storedRuleOf({ set: { rule, state } }: Pick<RunState, 'set'>): StoredRule {
  return { rule: rule.rule, version: state.ruleVersion, storedAtMs: state.startedAt };
}

/** The newest known version of the rule; the shards may not have it yet. */
export const ruleVersionOf = ({ coordinator, set }: Pick<RunState, 'coordinator' | 'set'>): number =>
  coordinator?.ruleVersion ?? set.state.ruleVersion;
