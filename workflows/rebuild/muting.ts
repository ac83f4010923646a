import {
  correctAlerts,
  publishedAlerts,
  reasonsNow,
  type Muted,
} from '../../src/core/evaluation/correction/correct-alerts.ts';
import { putOwnMarksBack } from '../../src/core/evaluation/actions/keep-marks.ts';
import { endPartitionSet } from '../../src/core/evaluation/evaluate.ts';
import type { AlertReason } from '../../src/core/model/alert/alert.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set/partition-set-messages.ts';
import type { RunState } from '../partition-set/run-state.ts';

/*
 * A muted set evaluates everything and publishes nothing, until it has applied everything stored before a time of the
 * stream. Then it publishes what differs from what it had published, as a reset does. What people do about its alerts has
 * to wait meanwhile, because they see others than the set has.
 */

/** The alerts that this workflow decides are not published from here on. */
export function muteHere(run: RunState, resolves: AlertReason): Muted {
  run.outbox.collect(run.set);
  run.outbox.isMuted = true;
  return { before: publishedAlerts(run.set), resolves };
}

/** Call it before what happens at `atMs` in the time of the stream, when everything stored before that is applied. */
export function unmuteAt(run: RunState, atMs: number): void {
  const { muted } = run;
  // Called for every event.
  if (muted === null || atMs < muted.untilMs) return;
  run.muted = null;
  run.evaluation.unmute(muted);
}

/** Ends the alerts that this workflow decides, at `atMs` (epoch ms): those that were published resolve. Not muted any more. */
export function endMuted(
  run: RunState,
  { reason, atMs }: Pick<PartitionSetEnd, 'reason' | 'atMs'>,
  muted: Muted,
): void {
  run.faults.guard(() => {
    endPartitionSet(run.set, reason, atMs);
  });
  publishDifference(run, { ...muted, resolves: reason });
}

/** Publishes what differs from what the set, as far as it is in this workflow, had published before it was muted. */
export function publishDifference(run: RunState, { before, resolves }: Muted): void {
  run.outbox.collect(run.set);
  run.outbox.isMuted = false;
  run.faults.guard(() => {
    run.set = correctAlerts(run.set, before, reasonsNow(resolves));
    const { marks } = run.recovery ?? {};
    if (marks !== undefined) putOwnMarksBack(run.set, marks);
  });
  run.outbox.collect(run.set);
}
