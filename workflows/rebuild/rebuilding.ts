import * as wf from '@temporalio/workflow';
import {
  compareWith,
  correctCompared as correctSet,
  publishedAt,
  type AlertComparison,
} from '../../src/core/evaluation/correction/compare-published.ts';
import { alertsBefore, correctAlerts } from '../../src/core/evaluation/correction/correct-alerts.ts';
import { generationOf } from '../../src/core/evaluation/generation.ts';
import { keepMarks, putOwnMarksBack, putPartitionMarksBack } from '../../src/core/evaluation/actions/keep-marks.ts';
import { PIECES_APART_MS, type RecoveryMessage } from '../../src/core/model/partition-set/partition-set-messages.ts';
import type { StreamAlert, StreamAlerts } from '../../src/core/model/alert/stream-alerts.ts';
import { groupsFromMs, startsInPast } from '../../src/core/model/stored-rule/version-times.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import type { PartitionSetMessage, RecoveryState } from '../messages.ts';
import { pastOf, type AlertOutbox } from '../alerts/alert-outbox.ts';
import { cancelWorkflows } from '../shared/cancel-workflows.ts';
import { unmuteAt } from './muting.ts';
import { changeRule, isPrimedBy } from './priming.ts';
import { startRecovery } from './start-recovery.ts';
import type { RunState } from '../partition-set/run-state.ts';

/** Starts a recovery attempt: the events that the set lacks follow. */
export function beginRebuild(
  run: RunState,
  message: Extract<RecoveryMessage, { phase: 'begin' }>,
  recovery: RecoveryState,
): void {
  const { attempt, rule, startedAtMs, isComplete, publishedUntilMs, shardIds: otherWorkflows, published } = message;
  run.inbox.drop();
  run.recovery = { ...recovery, attempt };
  if (recovery.afterSequence !== null) {
    if (recovery.comparison === undefined && published !== undefined) compare(run, published);
    return;
  }
  if (recovery.fromVersion !== undefined)
    return mayBePrimed(run) ? beginPriming(run, message, recovery) : beginAgain(run);
  if (recovery.before !== undefined && run.evaluation.isWhole) return beginReset(run, message, recovery);
  // A set that an earlier attempt has begun to rebuild has no marks yet.
  const marks = recovery.marks ?? keepMarks(run.set);
  run.recovery = {
    ...run.recovery,
    ...{ isComplete, publishedUntilMs, startsWithEvent: startedAtMs === null },
    ...(marks !== undefined && { marks }),
    ...(published !== undefined && { published }),
  };
  delete run.recovery.comparison;
  run.evaluation.discard();
  cancelWorkflows(otherWorkflows);
  run.outbox.clear();
  run.outbox.past = knownPast(run);
  open(run, rule, startedAtMs ?? rule.storedAtMs, isComplete);
}

/** Compares the set with what the alert stream has of it, from here on. */
function compare(run: RunState, published: StreamAlerts): void {
  const { waiting = [] } = run.recovery ?? {};
  const comparison = run.faults.guard(() =>
    compareWith(run.set, published, { lostWithinMs: run.set.rule.each ? PIECES_APART_MS : 0, waiting }),
  );
  if (run.recovery === null || comparison === undefined) return;
  run.recovery = { ...run.recovery, comparison };
  run.outbox.past = knownPast(run);
}

/**
 * More alerts of the stream than fit into one message, and into one workflow next to the state: the set outgrows its
 * workflow.
 */
export function compareFurther(run: RunState, alerts: readonly StreamAlert[]): void {
  // It is not compared: those are of an earlier life of the rule, or the set knows what it has published.
  if (comparedWith(run) === null) return;
  if (run.evaluation.isWhole) run.evaluation = run.outgrow(true) ?? run.evaluation;
  run.evaluation.compareMore(alerts);
}

/** What the set is compared with, if it is. */
export const comparedWith = ({
  recovery,
  evaluation,
}: Pick<RunState, 'recovery' | 'evaluation'>): AlertComparison | null => recovery?.comparison ?? evaluation.comparison;

/** Corrects the alerts of a set that is past what the alert stream has of it: all events stored before `atMs` are applied. */
export function correctComparedBefore(run: RunState, atMs: number): void {
  // Called for every event.
  const comparison = comparedWith(run);
  if (comparison === null) return;
  const untilMs = comparison.untilMs + run.set.rule.lateToleranceMs;
  if (atMs <= untilMs) return;
  unmuteAt(run, untilMs);
  run.evaluation.correct(untilMs, comparison);
}

/** Corrects the alerts that this workflow decides, once it is past what the alert stream has. */
export function correctCompared(run: RunState, comparison: AlertComparison): void {
  run.outbox.collect(run.set);
  run.outbox.past = knownPast(run);
  run.faults.guard(() => {
    const { muted } = run.evaluation;
    if (muted === null) run.set = correctSet(run.set, comparison);
    else muted.before = publishedAt(run.set, comparison);
  });
  run.outbox.collect(run.set);
}

/** The set is not compared any more, or in other workflows from here on. */
export function endComparison(run: RunState): void {
  if (run.recovery?.comparison) run.recovery = { ...run.recovery, comparison: null };
}

/**
 * A reset publishes nothing until the set is where it was. What waits to be published stays. If the reader begins again
 * after that, the set is compared with what it has published by then.
 */
function beginReset(
  run: RunState,
  { attempt, rule, startedAtMs, isComplete }: Extract<RecoveryMessage, { phase: 'begin' }>,
  recovery: RecoveryState,
): void {
  const before = recovery.before ?? alertsBefore(run.set);
  run.recovery = {
    ...recovery,
    ...{ attempt, isComplete, before, publishedUntilMs: null, startsWithEvent: startedAtMs === null },
  };
  run.outbox.past = knownPast(run);
  open(run, rule, startedAtMs ?? rule.storedAtMs, isComplete);
}

/** Other workflows are muted while they begin again. Once they are not, they cannot tell what they had published before. */
const mayBePrimed = ({ evaluation, muted }: RunState): boolean =>
  evaluation.isWhole || (muted !== null && evaluation.canBePrimed());

/** Begins the rebuild again, if other workflows have what the set had published before. */
export function beginAgain(run: RunState): void {
  run.evaluation.discard();
  startRecovery(run, 'shardLost', null);
}

/** The set begins again at the `backfill` of a version of its rule: see priming.ts. What waits to be published stays. */
function beginPriming(
  run: RunState,
  { attempt, rule, startedAtMs }: Extract<RecoveryMessage, { phase: 'begin' }>,
  recovery: RecoveryState,
): void {
  // If the reader begins again after the set has published what differs: as in a reset.
  const before = run.muted === null ? (recovery.before ?? alertsBefore(run.set)) : recovery.before;
  run.recovery = {
    ...recovery,
    ...{ attempt, startsWithEvent: startedAtMs === null },
    ...(before !== undefined && { before }),
  };
  run.outbox.past = knownPast(run);
  open(run, rule, startedAtMs ?? rule.storedAtMs, recovery.isComplete);
}

/** Corrects the alerts of a reset set once it is where it was: before the first event that is new to it. */
export function correctBefore(run: RunState, sequence: number): void {
  // Called for every event.
  const before = run.recovery?.before;
  if (!before || run.recovery === null || sequence <= before.sequence) return;
  // A set that is muted is not reset.
  unmuteAt(run, Infinity);
  run.evaluation.advanceTo(before.atMs);
  run.outbox.collect(run.set);
  run.recovery = { ...run.recovery, before: null };
  run.outbox.past = knownPast(run);
  run.faults.guard(() => {
    run.set = correctAlerts(run.set, before);
  });
  run.outbox.collect(run.set);
}

/** Opens the set of a group, which starts with the group's first event. */
export function openAt(run: RunState, atMs: number, stored: StoredRule, recovery: RecoveryState): void {
  run.recovery = { ...recovery, startsWithEvent: false };
  open(run, stored, Math.max(atMs, groupsFromMs(stored)), recovery.isComplete);
}

/** Ends the recovery. Returns the deferred messages, after the current rule if there is one. */
export function finishRebuild(run: RunState, rule: StoredRule | null): PartitionSetMessage[] {
  const { before, requestId } = run.recovery ?? {};
  const comparison = comparedWith(run);
  if (rule !== null && rule.version > run.evaluation.ruleVersion) {
    // The old set had this version already: it changes nothing that was published.
    const hadIt = rule.version <= ((before ?? comparison)?.ruleVersion ?? 0);
    if (hadIt || isPrimedBy(run, rule)) run.faults.guard(() => changeRule(run, rule));
    // The set begins again.
    if (run.recovery?.requestId !== requestId) return [];
  }
  correctBefore(run, Infinity);
  correctComparedBefore(run, Infinity);
  const { marks } = run.recovery ?? {};
  run.recovery = null;
  if (marks !== undefined) run.faults.guard(() => putPartitionMarksBack(run.set, marks));
  run.outbox.past = knownPast(run);
  return [...(rule === null ? [] : [{ kind: 'rule' as const, rule }]), ...run.deferred.splice(0)];
}

/** What the set is known to have published before the rebuild. */
export function knownPast(run: Pick<RunState, 'recovery' | 'evaluation'>): AlertOutbox['past'] {
  const { before, publishedUntilMs = null, isComplete = true } = run.recovery ?? {};
  const comparison = comparedWith(run);
  if (before) return { untilMs: Infinity, hasSameIds: true };
  if (comparison !== null) return pastOf(comparison);
  return publishedUntilMs === null ? null : { untilMs: publishedUntilMs, hasSameIds: isComplete };
}

function open(run: RunState, stored: StoredRule, startedAtMs: number, isComplete: boolean): void {
  // If alerts cannot get their original ids, they must not reuse the ids of other alerts.
  const generation = generationOf(stored.version, startedAtMs, isComplete ? undefined : wf.uuid4().slice(0, 8));
  run.evaluation.open(stored, { startedAtMs, generation });
  const { marks } = run.recovery ?? {};
  if (marks !== undefined) putOwnMarksBack(run.set, marks);
  run.ended = null;
  // It has published nothing.
  if (run.muted?.before.alerts.length === 0) run.muted.before.generation = generation;
  if (startsInPast(stored, startedAtMs)) run.evaluation.mute(stored.storedAtMs, 'cleared');
  run.pause = stored.pause;
  const { published, startsWithEvent = false } = run.recovery ?? {};
  if (run.recovery === null || published === undefined || startsWithEvent) return;
  delete run.recovery.published;
  // Else they are those of an earlier life of the rule.
  if (published.untilMs >= Math.max(startedAtMs, stored.storedAtMs)) compare(run, published);
}
