import { alertsBefore } from '../../src/core/evaluation/correct-alerts.ts';
import type { RecoveryReason } from '../../src/core/model/partition-set-messages.ts';
import type { PartitionSetMessage, ResetResult } from '../messages.ts';
import { countRecovery } from '../shared/metrics.ts';
import { newRecovery } from './recovery.ts';
import type { RunState } from './run-state.ts';

/** Requests events from the reader: all, or those after a sequence. The set drops events until the recovery starts. */
export function startRecovery(
  run: RunState,
  reason: RecoveryReason,
  afterSequence: number | null,
  fromVersion?: number,
): void {
  defer(run, run.inbox.drop());
  // An overflow or a version of the rule during a rebuild keeps the record of alerts that were published before.
  const goesOn = afterSequence !== null || fromVersion !== undefined;
  const { publishedUntilMs = null, isComplete = true } = (goesOn ? run.recovery : null) ?? {};
  const { marks, before } = run.recovery ?? {};
  run.recovery = {
    ...newRecovery(reason, afterSequence),
    publishedUntilMs,
    isComplete,
    ...(fromVersion !== undefined && { fromVersion }),
    ...(marks !== undefined && { marks }),
    // A set that was corrected, and then lost a shard, has its alerts elsewhere.
    ...(before !== undefined && (before !== null || goesOn) && { before }),
  };
  if (fromVersion === undefined) countRecovery(run.set.rule.rule, reason);
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

const versionOf = (message: PartitionSetMessage): number =>
  message.kind === 'rule' ? message.rule.version : message.kind === 'end' ? message.end.version : 0;
