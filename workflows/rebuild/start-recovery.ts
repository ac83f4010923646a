import { alertsBefore } from '../../src/core/evaluation/correction/correct-alerts.ts';
import type { RecoveryReason } from '../../src/core/model/partition-set/partition-set-messages.ts';
import type { PartitionSetMessage, RecoveryState } from '../messages.ts';
import { countRecovery } from '../shared/metrics.ts';
import { newRecovery } from './recovery.ts';
import type { RunState } from '../partition-set/run-state.ts';

/** Requests events from the reader: all, or those after a sequence. The set drops events until the recovery starts. */
export function startRecovery(
  run: RunState,
  reason: RecoveryReason,
  afterSequence: number | null,
  fromVersion?: number,
): void {
  defer(run, run.inbox.drop());
  const goesOn = afterSequence !== null || fromVersion !== undefined;
  const { marks, before } = run.recovery ?? {};
  run.recovery = {
    ...newRecovery(reason, afterSequence),
    // An overflow or a version of the rule during a rebuild keeps the record of alerts that were published before.
    ...(goesOn && run.recovery !== null && pastIn(run.recovery)),
    ...(fromVersion !== undefined && { fromVersion }),
    ...(marks !== undefined && { marks }),
    // A set that was corrected, and then lost state in other workflows, had its alerts there.
    ...(before !== undefined && (before !== null || goesOn) && { before }),
  };
  if (fromVersion === undefined) countRecovery(run.set.rule.rule, reason);
}

const pastIn = ({ publishedUntilMs, isComplete, comparison, waiting }: RecoveryState) => ({
  ...{ publishedUntilMs, isComplete },
  ...(waiting !== undefined && { waiting }),
  ...(comparison !== undefined && { comparison }),
});

/**
 * The run was reset to an earlier time: the set lacks what came after that. One without events begins anew, like one with
 * state in other workflows, which are ahead of it.
 */
export function recoverFromReset(run: RunState): void {
  const { isWhole } = run.evaluation;
  run.evaluation.discard();
  const { mark, counters } = run.set.state;
  const keepsState = isWhole && counters.applied > 0 && run.recovery === null;
  startRecovery(run, 'workflowReset', keepsState ? mark : null);
  if (keepsState && run.recovery !== null) run.recovery.waiting = run.outbox.alerts().map(({ id }) => id);
}

/**
 * Rebuilds the set because somebody has asked for it. It is compared with the alerts that it has; with the alert stream
 * if it has them in other workflows.
 */
export function startReset(run: RunState): void {
  const { isWhole } = run.evaluation;
  run.evaluation.discard();
  startRecovery(run, 'reset', null);
  if (isWhole && run.recovery !== null) run.recovery.before = alertsBefore(run.set);
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
