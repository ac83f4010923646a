import * as wf from '@temporalio/workflow';
import { compileRule } from '../../src/core/compilation/compile-rule.ts';
import { continuationOf } from '../../src/core/evaluation/continuation.ts';
import { isPrimedAgain } from '../../src/core/evaluation/correction/lost-state.ts';
import { inForceFromMs } from '../../src/core/model/stored-rule/version-times.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import { mute, muteAnew, unmuteAt } from './muting.ts';
import { startRecovery } from './start-recovery.ts';
import { applyVersion, type RunState } from '../partition-set/run-state.ts';

/*
 * A set whose rule gets another version continues with what the new version can use. With `backfill` it begins again
 * instead, at that time before the version was stored, if it would lose state: it asks the reader for those events, is
 * muted until the version was stored, and then publishes what differs from what it had published. A set that is rebuilt
 * meets the same versions, and does the same again.
 */

/** Whether the set begins again with a version of its rule. */
export const isPrimedBy = ({ evaluation }: RunState, { rule }: StoredRule): boolean =>
  isPrimedAgain(evaluation.rule, compileRule(rule)) &&
  // Replay: before this patch, split sets continued with what the new version could use.
  (evaluation.isWhole || wf.patched('primed-shards'));

/** Changes the rule of a set. */
export function changeRule(run: RunState, stored: StoredRule): void {
  const { recovery, evaluation } = run;
  const { rule, version, storedAtMs, resumed } = stored;
  // A recovery has sent everything stored before, or before the pause that it is about.
  const sentMs = inForceFromMs(stored);
  if (recovery !== null) unmuteAt(run, sentMs);
  const keepsPartitions = continuationOf(evaluation.rule, compileRule(rule)).partitions;
  if (!isPrimedBy(run, stored)) {
    if (run.muted !== null && !keepsPartitions && evaluation.isWhole) muteAnew(run, stored, run.muted.untilMs);
    // A version that resumes its rule comes before the events of the pause.
    if (resumed?.mode === 'silently' && resumed.version === version) mute(run, storedAtMs, 'ruleResumed');
    return applyVersion(run, stored);
  }
  if (recovery !== null) evaluation.advanceTo(sentMs - 1);
  run.pause = stored.pause;
  // The alerts of a split set end when its pieces begin again.
  if (keepsPartitions || !evaluation.isWhole) mute(run, storedAtMs, 'ruleUpdated');
  else muteAnew(run, stored, storedAtMs);
  startRecovery(run, 'ruleChanged', null, version);
}
