import * as wf from '@temporalio/workflow';
import { alertsBefore, correctAlerts } from '../../src/core/evaluation/correct-alerts.ts';
import { keepMarks, putOwnMarksBack, putPartitionMarksBack } from '../../src/core/evaluation/keep-marks.ts';
import type { RecoveryMessage, RecoveryReason } from '../../src/core/model/partition-set-messages.ts';
import { groupsFromMs, startsInPast } from '../../src/core/model/version-times.ts';
import type { StoredRule } from '../../src/core/model/stored-rule.ts';
import type { PartitionSetMessage, RecoveryState, ResetResult } from '../messages.ts';
import type { AlertOutbox } from '../shared/alert-outbox.ts';
import { countRecovery } from '../shared/metrics.ts';
import { cancelWorkflows } from '../shared/cancel-workflows.ts';
import { mute, unmuteAt } from './muting.ts';
import { newRecovery } from './recovery.ts';
import { applyVersion, generationOf, openedSet, type RunState } from './run-state.ts';

/** Requests events from the reader: all, or those after a sequence. The set drops events until the recovery starts. */
export function startRecovery(run: RunState, reason: RecoveryReason, afterSequence: number | null): void {
  defer(run, run.inbox.drop());
  // An overflow during a rebuild keeps the record of alerts that were published before.
  const { publishedUntilMs = null, isComplete = true } = (afterSequence === null ? null : run.recovery) ?? {};
  const { marks, before } = run.recovery ?? {};
  run.recovery = {
    ...newRecovery(reason, afterSequence),
    publishedUntilMs,
    isComplete,
    ...(marks !== undefined && { marks }),
    // A set that was corrected, and then lost a shard, has its alerts elsewhere.
    ...(before !== undefined && (before !== null || afterSequence !== null) && { before }),
  };
  countRecovery(run.set.rule.rule, reason);
}

/** Rebuilds the set because somebody has asked for it. A split set is rebuilt like one that has lost a shard. */
export function startReset(run: RunState): ResetResult {
  const isCorrected = run.evaluation.isWhole;
  run.evaluation.discard();
  startRecovery(run, 'reset', null);
  if (isCorrected && run.recovery !== null) run.recovery.before = alertsBefore(run.set);
  return { isCorrected };
}

/** Whether to drop a message: events outside the current recovery attempt are read again from the stream. */
export const isReadAgain = ({ recovery }: RunState, message: PartitionSetMessage): boolean =>
  recovery !== null &&
  message.kind === 'events' &&
  (recovery.attempt === null || message.batch.attempt !== recovery.attempt);

/** Defers rules and ends until the recovery is complete: the newest of each kind, ordered by version. */
export function defer(run: RunState, messages: readonly PartitionSetMessage[]): void {
  const newest = new Map<string, PartitionSetMessage>();
  for (const message of [...run.deferred, ...messages]) {
    const before = newest.get(message.kind);
    if (before === undefined || versionOf(message) >= versionOf(before)) newest.set(message.kind, message);
  }
  run.deferred = [...newest.values()].sort((a, b) => versionOf(a) - versionOf(b) || (a.kind === 'rule' ? -1 : 1));
}

/** Starts a recovery attempt: the events that the set lacks follow. */
export function beginRebuild(
  run: RunState,
  message: Extract<RecoveryMessage, { phase: 'begin' }>,
  recovery: RecoveryState,
): void {
  const { attempt, rule, startedAtMs, isComplete, publishedUntilMs, shardIds: otherWorkflows } = message;
  run.inbox.drop();
  run.recovery = { ...recovery, attempt };
  if (recovery.afterSequence !== null) return;
  if (recovery.before !== undefined && run.evaluation.isWhole) return beginReset(run, message, recovery);
  // A set that an earlier attempt has begun to rebuild has no marks yet.
  const marks = recovery.marks ?? keepMarks(run.set);
  run.recovery = {
    ...run.recovery,
    ...{ isComplete, publishedUntilMs, startsWithEvent: startedAtMs === null },
    ...(marks !== undefined && { marks }),
  };
  run.evaluation.discard();
  cancelWorkflows(otherWorkflows);
  run.outbox.clear();
  run.outbox.past = pastOf(run.recovery);
  open(run, rule, startedAtMs ?? rule.storedAtMs, isComplete);
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
  run.outbox.past = pastOf(run.recovery);
  open(run, rule, startedAtMs ?? rule.storedAtMs, isComplete);
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
  run.outbox.past = null;
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
  const { before } = run.recovery ?? {};
  // The old set had this version already: it changes nothing that was published.
  if (before && rule !== null && rule.version <= before.ruleVersion && rule.version > run.evaluation.ruleVersion)
    run.faults.guard(() => applyVersion(run, rule));
  correctBefore(run, Infinity);
  const { marks } = run.recovery ?? {};
  run.recovery = null;
  if (marks !== undefined) run.faults.guard(() => putPartitionMarksBack(run.set, marks));
  run.outbox.past = null;
  return [...(rule === null ? [] : [{ kind: 'rule' as const, rule }]), ...run.deferred.splice(0)];
}

/** What the set is known to have published before the rebuild. */
export const pastOf = ({ publishedUntilMs, isComplete, before }: RecoveryState): AlertOutbox['past'] => {
  if (before) return { untilMs: Infinity, hasSameIds: true };
  return publishedUntilMs === null ? null : { untilMs: publishedUntilMs, hasSameIds: isComplete };
};

function open(run: RunState, stored: StoredRule, startedAtMs: number, isComplete: boolean): void {
  // If alerts cannot get their original ids, they must not reuse the ids of other alerts.
  const generation = generationOf(stored.version, startedAtMs) + (isComplete ? '' : `-${wf.uuid4().slice(0, 8)}`);
  run.set = openedSet(stored, run.set.state.group, startedAtMs, generation);
  const { marks } = run.recovery ?? {};
  if (marks !== undefined) putOwnMarksBack(run.set, marks);
  run.ended = null;
  // It has published nothing.
  if (run.muted?.before.alerts.length === 0) run.muted.before.generation = generation;
  if (startsInPast(stored, startedAtMs)) mute(run, stored.storedAtMs, 'cleared');
  run.pause = stored.pause;
}

const versionOf = (message: PartitionSetMessage): number =>
  message.kind === 'rule' ? message.rule.version : message.kind === 'end' ? message.end.version : 0;
