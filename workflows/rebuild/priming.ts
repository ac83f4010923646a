import { compileRule } from '../../src/core/compilation/compile-rule.ts';
import { continuationOf } from '../../src/core/evaluation/continuation.ts';
import { isPrimedAgain } from '../../src/core/evaluation/correction/lost-state.ts';
import { inForceFromMs } from '../../src/core/model/stored-rule/version-times.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import { unmuteAt } from './muting.ts';
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
  isPrimedAgain(evaluation.rule, compileRule(rule)) && evaluation.canBePrimed();

/** Changes the rule of a set. */
export function changeRule(run: RunState, stored: StoredRule): void {
  const { recovery, evaluation } = run;
  const { rule, version, storedAtMs, resumed } = stored;
  // A recovery has sent everything stored before, or before the pause that it is about.
  const sentMs = inForceFromMs(stored);
  if (recovery !== null) unmuteAt(run, sentMs);
  const keepsPartitions = continuationOf(evaluation.rule, compileRule(rule)).partitions;
  if (!isPrimedBy(run, stored)) {
    if (run.muted !== null && !keepsPartitions) evaluation.muteAnew(stored, run.muted.untilMs);
    // A version that resumes its rule comes before the events of the pause.
    if (resumed?.mode === 'silently' && resumed.version === version) evaluation.mute(storedAtMs, 'ruleResumed');
    return applyVersion(run, stored);
  }
  if (recovery !== null) evaluation.advanceTo(sentMs - 1);
  run.pause = stored.pause;
  if (keepsPartitions) evaluation.mute(storedAtMs, 'ruleUpdated');
  else evaluation.muteAnew(stored, storedAtMs);
  startRecovery(run, 'ruleChanged', null, version);
}
