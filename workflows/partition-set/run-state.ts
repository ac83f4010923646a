import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { openPartitionSet } from '../../src/core/evaluation/evaluate.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set-messages.ts';
import type { StoredRule } from '../../src/core/model/stored-rule.ts';
import type { PartitionSetMessage, RecoveryState, SplitPlan } from '../messages.ts';
import type { AlertOutbox } from '../shared/alert-outbox.ts';
import type { Faults } from '../shared/faults.ts';
import type { ShardCoordinator } from '../shard/shard-coordinator.ts';
import type { Inbox } from './inbox.ts';

/** What a run of a partition set works on. The stages of a run (intake, rebuilding, splitting) change it in place. */
export interface RunState {
  set: PartitionSet;
  /** Why the set has ended; null while it lives. */
  ended: PartitionSetEnd | null;
  /** Once the set is split. */
  coordinator: ShardCoordinator | null;
  /** While the set lacks events that the reader has to read again. */
  recovery: RecoveryState | null;
  /** Rules and ends that wait for the end of a recovery. */
  deferred: PartitionSetMessage[];
  isIntakeClosed: boolean;
  readonly inbox: Inbox;
  readonly outbox: AlertOutbox;
  readonly faults: Faults;
  readonly plan: SplitPlan;
  readonly signalsPerRun: number | undefined;
}

/** Made of the rule's version and the set's start: a set that is rebuilt from the stream gives its alerts the same ids again. */
export const generationOf = (version: number, startedAtMs: number): string => `${startedAtMs.toString(36)}.${version}`;

/** Opens the set of a version of its rule, without any events. */
export const openedSet = (
  { rule, version }: Pick<StoredRule, 'rule' | 'version'>,
  group: PartitionSet['state']['group'],
  atMs: number,
  generation = generationOf(version, atMs),
): PartitionSet => openPartitionSet({ rule, ruleVersion: version, group, atMs, generation });

export function storedRuleOf({ set: { rule, state } }: Pick<RunState, 'set'>): StoredRule {
  return { rule: rule.rule, version: state.ruleVersion, storedAtMs: state.startedAt };
}

/** The newest version of the rule that the set knows: its shards may not have it yet. */
export const ruleVersionOf = ({ coordinator, set }: Pick<RunState, 'coordinator' | 'set'>): number =>
  coordinator?.ruleVersion ?? set.state.ruleVersion;
