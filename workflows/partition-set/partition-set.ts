import * as wf from '@temporalio/workflow';
import type { RecoveryMessage, PartitionSetEnd } from '../../src/core/model/partition-set/partition-set-messages.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import {
  endSignal,
  eventsSignal,
  recoverySignal,
  ruleSignal,
  explainQuery,
  partitionsQuery,
  stateQuery,
  waitingQuery,
  type EventBatch,
  type PartitionSetInput,
} from '../messages.ts';
import { takingActions } from '../alerts/actions.ts';
import { reportingBacklog } from './backlog-memo.ts';
import { isOwnMessage, SIGNAL_SHAPES } from './own-message.ts';
import { noticingResets } from '../rebuild/reset-notice.ts';
import { neverFailing, persistently } from '../alerts/persistently.ts';
import { publishing } from '../alerts/publishing.ts';
import { quietEnd } from './quiesce.ts';
import { recovering } from '../rebuild/recovery.ts';
import { takingResets } from '../rebuild/resets.ts';
import { endLoops, RunLength } from '../shared/continue-as-new.ts';
import { settling } from '../shared/ui-state.ts';
import { PartitionSetRun, type Growth } from './partition-set-run.ts';
import { timekeeping } from './deadline-timer.ts';

/**
 * One partition set of one rule, for the lifetime of the rule. The evaluator is src/core; this workflow connects it:
 * signals in, one timer for the earliest deadline, alerts out through an activity, and continue-as-new before the
 * history grows large. Only the end of its rule ends it; it ignores cancellation requests.
 */
export const partitionSet = (input: PartitionSetInput, growth: Growth): Promise<void> =>
  wf.CancellationScope.nonCancellable(() => neverFailing(() => runOnce(input, growth)));

async function runOnce(input: PartitionSetInput, growth: Growth): Promise<void> {
  const run = new PartitionSetRun(input, growth);
  const length = new RunLength(input.signalsPerRun);

  wf.setHandler(stateQuery, () => run.view());
  wf.setHandler(explainQuery, (request) => run.explain(request));
  wf.setHandler(partitionsQuery, (request) => run.partitions(request));
  wf.setHandler(waitingQuery, () => run.waiting());
  // Signals that arrive before a run's first task are delivered as handlers are set, grouped by signal name. A single
  // default handler keeps the order of arrival.
  const handlers = new Map<string, (message: never) => void>([
    [eventsSignal.name, (batch: EventBatch) => run.receive({ kind: 'events', batch, done: 0 })],
    [ruleSignal.name, (rule: StoredRule) => run.receive({ kind: 'rule', rule })],
    [endSignal.name, (end: PartitionSetEnd) => run.receive({ kind: 'end', end })],
    [recoverySignal.name, (message: RecoveryMessage) => run.receiveFromReader(message)],
  ]);
  const shapes = new Map(SIGNAL_SHAPES);
  for (const [name, { isSound, receive }] of growth.signals) {
    handlers.set(name, (message) => receive(run, message));
    shapes.set(name, isSound);
  }
  wf.setDefaultSignalHandler((name, message) => {
    length.signalled();
    // An error thrown by a handler would fail the task forever.
    run.faults.guard(() => {
      run.noticeReset();
      if (isOwnMessage(input.rule, name, message, shapes)) handlers.get(name)?.(message as never);
    });
  });

  takingActions(run, length);
  takingResets(run, length);

  const work = new wf.CancellationScope();
  const loops = work.run(() =>
    Promise.all(
      // Replay: in this order.
      [
        publishing,
        (each: PartitionSetRun) => timekeeping(input.rule.clientId, each),
        growth.sending,
        (each: PartitionSetRun) => recovering(input.rule.clientId, each),
        growth.watching,
        reportingBacklog,
        noticingResets,
        settling,
      ].map((loop) => persistently(run.faults, () => loop(run))),
    ),
  );
  await Promise.race([loops, wf.condition(() => mayEnd(run, length))]);

  await run.evaluation.settle((isDone) => Promise.race([loops, wf.condition(isDone)]));
  if (!run.isFinished()) await Promise.race([loops, quietEnd(input.rule.clientId, run)]);
  // Many messages may have arrived meanwhile.
  await Promise.race([loops, wf.condition(() => !run.outbox.isFull())]);
  if (!run.isLight() && !run.isFinished()) run.dropInbox();
  await endLoops(work, loops);
  run.ui.write();
  if (run.isFinished()) return;
  await wf.continueAsNew<(input: PartitionSetInput) => Promise<void>>({ ...withoutBirth(input), ...run.carry() });
}

/** A run ends when it is long and the next can carry everything; one that grows very long carries less. */
function mayEnd(run: PartitionSetRun, length: RunLength): boolean {
  if (run.isFinished()) return true;
  if (!length.isFull()) return false;
  if (!run.isLight() && length.isOverfull()) run.dropInbox();
  return run.isLight();
}

/** Only the first run starts again; the rule may have been paused or resumed since. */
function withoutBirth({
  isBegunAnew: _first,
  pause: _pause,
  resumed: _resumed,
  ...input
}: PartitionSetInput): PartitionSetInput {
  return input;
}
