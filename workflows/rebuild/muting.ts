import * as wf from '@temporalio/workflow';
import { correctAlerts, publishedAlerts, reasonsNow } from '../../src/core/evaluation/correction/correct-alerts.ts';
import { putOwnMarksBack } from '../../src/core/evaluation/actions/keep-marks.ts';
import { arriveAt, endPartitionSet } from '../../src/core/evaluation/evaluate.ts';
import type { AlertReason } from '../../src/core/model/alert/alert.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set/partition-set-messages.ts';
import type { MutedState } from '../messages.ts';
import { generationWith } from '../shared/generation.ts';
import type { MutedPiece } from '../shard/messages.ts';
import type { RunState } from '../partition-set/run-state.ts';

/*
 * A muted set evaluates everything and publishes nothing, until it has applied everything stored before a time of the
 * stream. Then it publishes what differs from what it had published, as a reset does. What people do about its alerts has
 * to wait meanwhile, because they see others than the set has.
 */

/**
 * Mutes a set until it has applied everything stored before `untilMs` (epoch ms). One that is muted already stays muted at
 * least until then, and is compared with what it had published before.
 * @param resolves why alerts resolve that fired before and do not fire then
 */
export function mute(run: RunState, untilMs: number, resolves: AlertReason): void {
  if (!run.evaluation.isWhole) return muteSplit(run, untilMs, resolves);
  run.outbox.collect(run.set);
  const { before, ...muted } = run.muted ?? { untilMs, before: publishedAlerts(run.set), resolves };
  run.muted = { untilMs: Math.max(untilMs, muted.untilMs), before, resolves: muted.resolves };
  run.outbox.isMuted = true;
}

/** The pieces of a split set are muted, and unmuted, with barriers: at the same point of the event order. */
function muteSplit(run: RunState, untilMs: number, resolves: AlertReason): void {
  // Replay: before this patch, split sets published as they went.
  if (run.muted === null && !wf.patched('muted-shards')) return;
  if (run.muted === null) run.evaluation.mute(resolves);
  run.muted = timeOf(run.muted ?? { untilMs, resolves }, untilMs);
}

/** What the run of a split set knows of its being muted. */
export const timeOf = ({ untilMs, resolves }: Pick<MutedState, 'untilMs' | 'resolves'>, laterMs = 0): MutedState => ({
  ...{ untilMs: Math.max(untilMs, laterMs), resolves },
  before: { generation: '', alerts: [] },
});

/** A coordinator is muted from here on. */
export function mutePiece(run: RunState, resolves: AlertReason): MutedPiece {
  run.outbox.isMuted = true;
  return { before: publishedAlerts(run.set), resolves };
}

/** Call it before what happens at `atMs` in the time of the stream, when everything stored before that is applied. */
export function unmuteAt(run: RunState, atMs: number): void {
  const { muted } = run;
  // Called for every event.
  if (muted === null || atMs < muted.untilMs) return;
  run.muted = null;
  if (!run.evaluation.isWhole) return run.evaluation.unmute(muted.untilMs - 1);
  run.evaluation.advanceTo(muted.untilMs - 1);
  run.faults.guard(() => arriveAt(run.set, muted.untilMs));
  publishDifference(run, muted);
}

/**
 * Ends the alerts of a muted set, or of a muted coordinator, at `atMs`: those that it had published resolve. It is not
 * muted any more.
 */
export function endMuted(
  run: RunState,
  { reason, atMs }: Pick<PartitionSetEnd, 'reason' | 'atMs'>,
  muted: MutedPiece | null = run.muted,
): void {
  if (run.evaluation.isWhole) run.muted = null;
  if (muted === null) return;
  run.faults.guard(() => {
    endPartitionSet(run.set, reason, atMs);
  });
  publishDifference(run, { ...muted, resolves: reason });
}

/**
 * Mutes a set that gets other partitions with a version of its rule: all its alerts end, and those that it had published
 * resolve.
 */
export function muteAnew(run: RunState, stored: StoredRule, untilMs: number): void {
  const atMs = stored.storedAtMs;
  const { muted } = run;
  if (muted !== null) endMuted(run, { reason: 'ruleUpdated', atMs });
  else run.faults.guard(() => endPartitionSet(run.set, 'ruleUpdated', atMs));
  mute(run, Math.max(untilMs, muted?.untilMs ?? 0), 'ruleUpdated');
  if (run.muted === null) return;
  const { before } = run.muted;
  run.muted.before = {
    generation: generationWith(run.set, stored),
    alerts: before.alerts.filter(({ key }) => key === undefined),
  };
}

/** Publishes what differs from what a set, or a coordinator, had published before it was muted. */
export function publishDifference(run: RunState, { before, resolves }: MutedPiece): void {
  run.outbox.collect(run.set);
  run.outbox.isMuted = false;
  run.faults.guard(() => {
    run.set = correctAlerts(run.set, before, reasonsNow(resolves));
    const { marks } = run.recovery ?? {};
    if (marks !== undefined) putOwnMarksBack(run.set, marks);
  });
  run.outbox.collect(run.set);
}
