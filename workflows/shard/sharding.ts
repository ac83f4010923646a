import * as wf from '@temporalio/workflow';
import { acceptsEvent, countOverflow, endPartitionSet } from '../../src/core/evaluation/evaluate.ts';
import type { ProjectedEvent } from '../../src/core/model/projected-event.ts';
import { mergeReports, replaceCoordinatorRule } from '../../src/core/sharding/merge.ts';
import { splitPartitionSet } from '../../src/core/sharding/split.ts';
import type { SplitPlan } from '../messages.ts';
import { discardShards, startRecovery } from '../partition-set/rebuilding.ts';
import { storedRuleOf, type RunState } from '../partition-set/run-state.ts';
import { countRefused } from '../shared/metrics.ts';
import type { Barrier, ShardNotice } from './messages.ts';
import { ShardCoordinator } from './shard-coordinator.ts';
import { cancelShards } from './shard-outbox.ts';

/**
 * Splits late, because each signal to a split set becomes one per shard, but before the state reaches LIMITS.stateBytes
 * and the set loses data. 64 shards hold about 190,000 partitions.
 */
export const SPLIT: SplitPlan = { atBytes: 750_000, shards: 64 };
/** Replay: histories recorded before the patch `split-late` split at this weight. */
const SPLIT_BEFORE_AT_BYTES = 500_000;

/** Whether barriers include the newest event: not in histories recorded before this patch. Its id is a stored name. */
export const isExact = (): boolean => wf.patched('rounds-to-newest');

/** Identifies one split of a set. Not the run id, which differs when a reset replays the split. */
const newEpoch = (): string => (wf.patched('epoch-by-chance') ? wf.uuid4() : wf.workflowInfo().runId).slice(0, 8);

/** Splits a set whose state has grown too large for one workflow. */
export function splitIfHeavy(run: RunState): void {
  const { weight } = run.set;
  const { plan } = run;
  if (run.coordinator !== null || weight <= Math.min(plan.atBytes, SPLIT_BEFORE_AT_BYTES)) return;
  // Replay: histories recorded before these patches split earlier, or never.
  if (weight <= plan.atBytes && wf.patched('split-late')) return;
  if (!wf.patched('shards')) return;
  run.faults.guard(() => {
    const { head: coordinatorSet, shares } = splitPartitionSet(run.set, plan.shards);
    const { rule, state } = coordinatorSet;
    const unpublished = rule.each
      ? run.outbox.alerts().filter(({ data }) => Object.keys(data.partition).length > 0)
      : [];
    run.coordinator = ShardCoordinator.split(
      {
        setId: wf.workflowInfo().workflowId,
        epoch: newEpoch(),
        rule: storedRuleOf(run),
        shares,
        nowMs: state.now,
        unpublished,
        signalsPerRun: run.signalsPerRun,
      },
      isExact,
    );
    run.set = coordinatorSet;
  });
}

/** Forwards an event to the shard of its partition. */
export function forward(run: RunState, coordinator: ShardCoordinator, event: ProjectedEvent): void {
  if (!acceptsEvent(run.set.state, event)) return;
  if (event.isLeftOut === true) countOverflow(run.set);
  else coordinator.forward(event);
}

/** Merges shard reports into the set, barrier by barrier. Returns false for a report of another split. */
export function receiveReport(run: RunState, notice: ShardNotice): boolean {
  const { coordinator } = run;
  if (coordinator === null || coordinator.epoch !== notice.epoch) {
    // A shard of an unknown or older split: it would never get a signal.
    countRefused(run.set.rule.rule, `report of shard ${notice.shard} of split ${notice.epoch}`);
    if (wf.patched('end-unknown-shards')) cancelShards([shardIdOf(wf.workflowInfo().workflowId, notice)]);
    return false;
  }
  if (notice.kind === 'conflict') {
    loseShards(run, 'a shard has reported this barrier already: the set was reset');
    return false;
  }
  coordinator.receive(notice);
  for (
    let barrier = coordinator.takeCompleteBarrier();
    barrier !== undefined;
    barrier = coordinator.takeCompleteBarrier()
  )
    completeBarrier(run, barrier);
  if (run.coordinator === coordinator) coordinator.gather();
  return true;
}

/** Rebuilds the set: a shard no longer runs, and the state of its partitions is lost. */
export function loseShards(run: RunState, detail: string): void {
  if (run.coordinator === null) return;
  wf.log.warn('a shard of this partition set is lost; the set is rebuilt from the stream', { detail });
  discardShards(run);
  startRecovery(run, 'shardLost', null);
}

function completeBarrier(run: RunState, { letter: message, reports, after }: Barrier): void {
  // Events of the newest millisecond may still be in flight: deadlines in it come later.
  const now = run.set.state.now - (message.kind !== 'cut' && wf.patched('rule-moment') ? 1 : 0);
  const untilMs = message.kind === 'cut' ? message.untilMs : now;
  run.faults.guard(() => {
    if (!run.set.rule.each) mergeReports(run.set, reports, untilMs);
    else run.set.state.now = Math.max(run.set.state.now, untilMs);
    if (message.kind === 'rule') {
      const change =
        message.atMs === undefined ? {} : { holders: reports.flatMap(({ holders }) => holders), atMs: message.atMs };
      run.set = replaceCoordinatorRule(run.set, message.rule.rule, message.rule.version, after, change);
    }
    if (message.kind === 'end') endPartitionSet(run.set, message.end.reason, message.end.atMs);
  });
  run.outbox.collect(run.set);
  if (message.kind !== 'end') return;
  run.ended = message.end;
  run.coordinator = null;
}

const shardIdOf = (setId: string, { epoch, shard }: ShardNotice): string => `${setId}/shard-${epoch}-${shard}`;
