import * as wf from '@temporalio/workflow';
import { compileRule } from '../../src/core/compilation/compile-rule.ts';
import { continuationOf } from '../../src/core/evaluation/continuation.ts';
import { endPartitionSet } from '../../src/core/evaluation/evaluate.ts';
import { streamTime } from '../../src/core/partition-set/waiting-events.ts';
import { unpackState } from '../../src/core/packing/pack-state.ts';
import { mergeReports, passTime, replaceCoordinatorRule } from '../../src/core/sharding/merge.ts';
import { resumePiece } from '../../src/core/sharding/piece.ts';
import { splitPartitionSet } from '../../src/core/sharding/split.ts';
import type { PartitionSetInput, SplitPlan } from '../messages.ts';
import type { Growth, PartitionSetRun } from '../partition-set/partition-set-run.ts';
import { comparedWith, correctCompared, endComparison, knownPast } from '../rebuild/rebuilding.ts';
import { endMuted, muteHere, publishDifference } from '../rebuild/muting.ts';
import { startRecovery } from '../rebuild/start-recovery.ts';
import { storedRuleOf, type SetEvaluation, type RunState } from '../partition-set/run-state.ts';
import { WholeSet } from '../partition-set/whole-set.ts';
import { cancelWorkflows } from '../shared/cancel-workflows.ts';
import { mayProve } from '../sandbox/own-time.ts';
import { generationWith } from '../shared/generation.ts';
import { countRefused } from '../shared/metrics.ts';
import { noticeSignal, type Barrier, type BarrierMessage, type CutExtras, type ShardNotice } from './messages.ts';
import { coordinateShares } from './coordinate-shares.ts';
import { openedPieces } from './opened-pieces.ts';
import { watchingShards } from './shard-liveness.ts';
import { ShardCoordinator } from './shard-coordinator.ts';
import { coordinatorOf, mutedElsewhere, SplitSet } from './split-set.ts';

/**
 * Splits late, because each signal to a split set becomes one per shard, but before the state reaches LIMITS.stateBytes
 * and the set loses data. 64 shards hold about 190,000 partitions.
 */
const SPLIT: SplitPlan = { atBytes: 750_000, shards: 64 };
/** Replay: histories recorded before the patch `split-late` split at this weight. */
const SPLIT_BEFORE_AT_BYTES = 500_000;

/** Whether barriers include the newest event: not in histories recorded before this patch. Its id is a stored name. */
const isExact = (): boolean => wf.patched('rounds-to-newest');

/** Identifies one split of a set. Not the run id, which differs when a reset replays the split. */
const newEpoch = (): string => (wf.patched('epoch-by-chance') ? wf.uuid4() : wf.workflowInfo().runId).slice(0, 8);

/** Splits sets whose state has grown too large for one workflow. */
export const sharding = ({ split = SPLIT, signalsPerRun }: PartitionSetInput): Growth => ({
  resumeState: (rule, state) => resumePiece(rule, unpackState(state)),
  resume(run, { desk }) {
    if (desk === undefined) return null;
    const coordinator = new ShardCoordinator(desk, storedRuleOf(run), isExact);
    coordinator.gather();
    return new SplitSet(run, coordinator);
  },
  outgrow: (run, anyway = false) => (anyway || isHeavy(run, split) ? splitSet(run, split.shards, signalsPerRun) : null),
  sending: sendingToShards,
  watching: watchingShards,
  signals: new Map([[noticeSignal.name, { isSound: isNotice, receive: receiveReport }]]),
});

function isHeavy(run: RunState, { atBytes }: SplitPlan): boolean {
  const { weight } = run.set;
  // A set that is reset is compared with what it was in one piece.
  if (coordinatorOf(run) !== null || run.recovery?.before || weight <= Math.min(atBytes, SPLIT_BEFORE_AT_BYTES))
    return false;
  // Replay: histories recorded before these patches split earlier, or never.
  if (weight <= atBytes && wf.patched('split-late')) return false;
  if (run.muted !== null && !wf.patched('muted-shards')) return false;
  return wf.patched('shards');
}

function splitSet(run: RunState, shards: number, signalsPerRun: number | undefined): SetEvaluation | null {
  // Replay: histories recorded before this patch ended the comparison.
  const comparison = (comparedWith(run) !== null && wf.patched('compared-shards') && comparedWith(run)) || undefined;
  endComparison(run);
  const split = run.faults.guard(() => {
    const { head: coordinatorSet, shares } = splitPartitionSet(run.set, shards);
    const { rule } = coordinatorSet;
    const unpublished = rule.each
      ? run.outbox.alerts().filter(({ data }) => Object.keys(data.partition).length > 0)
      : [];
    const coordinator = coordinateShares(
      {
        setId: wf.workflowInfo().workflowId,
        epoch: newEpoch(),
        rule: storedRuleOf(run),
        shares,
        nowMs: streamTime(coordinatorSet),
        unpublished,
        comparison,
        muted: run.muted,
        signalsPerRun,
      },
      isExact,
    );
    run.set = coordinatorSet;
    if (run.muted !== null) run.muted = mutedElsewhere(run.muted);
    return new SplitSet(run, coordinator);
  });
  run.outbox.past = knownPast({ recovery: run.recovery, evaluation: split ?? run.evaluation });
  return split ?? null;
}

/** The minimal shape of a report. */
const isNotice = ({ epoch, kind, shard }: Record<string, unknown>): boolean =>
  typeof epoch === 'string' && typeof kind === 'string' && Number.isFinite(shard);

/** Handles a report of a shard. */
function receiveReport(run: PartitionSetRun, notice: ShardNotice): void {
  if (mergeReport(run, notice)) run.applyInbox();
  else run.show();
}

/** Called when a shard no longer runs. */
export function loseShards(run: PartitionSetRun, detail: string): void {
  rebuildWithoutShards(run, detail);
  run.show();
}

/** Merges shard reports into the set, barrier by barrier. Returns false for a report of another split. */
function mergeReport(run: RunState, notice: ShardNotice): boolean {
  const coordinator = coordinatorOf(run);
  if (coordinator === null || coordinator.epoch !== notice.epoch) {
    // A shard of an unknown or older split: it would never get a signal.
    countRefused(run.set.rule.rule, `report of shard ${notice.shard} of split ${notice.epoch}`);
    if (wf.patched('end-unknown-shards')) cancelWorkflows([shardIdOf(wf.workflowInfo().workflowId, notice)]);
    return false;
  }
  if (notice.kind === 'conflict') {
    rebuildWithoutShards(run, 'a shard has reported this barrier already, or was reset');
    return false;
  }
  coordinator.receive(notice);
  for (
    let barrier = coordinator.takeCompleteBarrier();
    barrier !== undefined;
    barrier = coordinator.takeCompleteBarrier()
  )
    completeBarrier(run, barrier);
  if (coordinatorOf(run) === coordinator) coordinator.gather();
  return true;
}

/** Rebuilds the set: a shard no longer runs, and the state of its partitions is lost. */
function rebuildWithoutShards(run: RunState, detail: string): void {
  if (coordinatorOf(run) === null) return;
  wf.log.warn('a shard of this partition set is lost; the set is rebuilt from the stream', { detail });
  run.evaluation.discard();
  startRecovery(run, 'shardLost', null);
}

function completeBarrier(run: RunState, barrier: Barrier): void {
  const { letter: message, reports } = barrier;
  // Events of the newest millisecond may still be in flight: deadlines in it come later.
  const now = run.set.state.now - (message.kind !== 'cut' && wf.patched('rule-moment') ? 1 : 0);
  const untilMs = message.kind === 'cut' ? message.untilMs : now;
  run.set.mayProve = mayProve;
  const coordinator = coordinatorOf(run);
  run.faults.guard(() => {
    if (!run.set.rule.each) mergeReports(run.set, reports, untilMs);
    else passTime(run.set, untilMs);
    if (message.kind === 'rule') {
      muteAnew(run, message);
      run.set = ruleReplaced(run.set, message, barrier);
    }
    if (message.kind !== 'end') return;
    if (coordinator?.muted) endMuted(run, message.end, coordinator.muted);
    else endPartitionSet(run.set, message.end.reason, message.end.atMs);
  });
  run.outbox.collect(run.set);
  if (message.kind === 'cut') correct(run, message);
  if (message.kind !== 'end') return;
  run.ended = message.end;
  run.evaluation = new WholeSet(run);
}

/** The coordinator with another version of its rule, which its shards have. */
function ruleReplaced(
  set: RunState['set'],
  { rule: stored, opens, atMs }: Extract<BarrierMessage, { kind: 'rule' }>,
  { reports, after }: Pick<Barrier, 'reports' | 'after'>,
): RunState['set'] {
  if (opens !== undefined) return openedPieces(set, stored, opens, after.length).head;
  const change = atMs === undefined ? {} : { holders: reports.flatMap(({ holders }) => holders), atMs };
  const generation = generationWith(set, stored);
  return replaceCoordinatorRule(set, stored.rule, stored.version, after, { ...change, generation });
}

/** The shards have done the same at this point of the event order. */
function correct(run: RunState, { corrects, mutes, unmutes }: CutExtras): void {
  const coordinator = coordinatorOf(run);
  if (coordinator === null) return;
  const { comparison, muted } = coordinator;
  if (corrects === true) coordinator.endComparison();
  if (corrects === true && comparison !== null) correctCompared(run, comparison);
  if (mutes !== undefined && muted === null) coordinator.keepMuted(muteHere(run, mutes));
  if (unmutes !== true || muted === null) return;
  coordinator.keepMuted(null);
  publishDifference(run, muted);
}

/** A muted set gets other partitions: all its alerts end. */
function muteAnew(
  run: RunState,
  { rule, atMs = run.set.state.now, opens }: Extract<BarrierMessage, { kind: 'rule' }>,
): void {
  const coordinator = coordinatorOf(run);
  if (!coordinator?.muted) return;
  if (!continuationOf(run.set.rule, compileRule(rule.rule)).partitions) {
    endMuted(run, { reason: 'ruleUpdated', atMs }, coordinator.muted);
    coordinator.keepMuted(muteHere(run, 'ruleUpdated'));
    coordinator.muted.before.generation = generationWith(run.set, rule);
  }
  // As in a set in one piece that has published nothing.
  const { before } = coordinator.muted;
  if (opens !== undefined && before.alerts.length === 0) before.generation = opens.generation;
}

const shardIdOf = (setId: string, { epoch, shard }: ShardNotice): string => `${setId}/shard-${epoch}-${shard}`;

/** Sends messages to the shards once the partition set is split. */
async function sendingToShards(run: PartitionSetRun): Promise<void> {
  for (;;) {
    await wf.condition(() => coordinatorOf(run) !== null);
    const coordinator = coordinatorOf(run);
    await coordinator?.outboxes.run((detail) => loseShards(run, detail));
    await wf.condition(() => coordinatorOf(run) !== coordinator);
  }
}
