import * as wf from '@temporalio/workflow';
import type { RecoveryMessage, PartitionSetEnd } from '../../src/core/model/partition-set-messages.ts';
import type { StoredRule } from '../../src/core/model/stored-rule.ts';
import { endSignal, eventsSignal, recoverySignal, ruleSignal, stateQuery, waitingQuery, type EventBatch, type PartitionSetInput } from '../messages.ts';
import { isOwnMessage } from './own-message.ts';
import { neverFailing, persistently } from '../shared/persistently.ts';
import { publishing } from '../shared/publishing.ts';
import { quietEnd } from './quiesce.ts';
import { recovering } from './recovery.ts';
import { endLoops, RunLength } from '../shared/continue-as-new.ts';
import { PartitionSetRun } from './partition-set-run.ts';
import { noticeSignal, type ShardNotice } from '../shard/messages.ts';
import { timekeeping } from './deadline-timer.ts';
import { watchingShards } from '../shard/shard-liveness.ts';

/**
 * One partition set of one rule, for as long as the rule lives. The evaluator is src/core; this is its shell: signals in,
 * one timer for the earliest deadline, alerts out through an activity, and a new run before the history grows large. Nothing but
 * the end of its rule ends it: who requests its cancellation is not heard.
 */
export const ruleSet = (input: PartitionSetInput): Promise<void> => wf.CancellationScope.nonCancellable(() => neverFailing(() => run(input)));

async function run(input: PartitionSetInput): Promise<void> {
  const shell = new PartitionSetRun(input);
  const length = new RunLength(input.signalsPerRun);

  wf.setHandler(stateQuery, () => shell.view());
  wf.setHandler(waitingQuery, () => shell.waiting());
  // What came before a run's first task is handed over as handlers appear, those of one name before those of the next. One
  // handler for all keeps the order in which they came.
  const handlers = new Map<string, (message: never) => void>([
    [eventsSignal.name, (batch: EventBatch) => shell.receive({ kind: 'events', batch, done: 0 })],
    [ruleSignal.name, (rule: StoredRule) => shell.receive({ kind: 'rule', rule })],
    [endSignal.name, (end: PartitionSetEnd) => shell.receive({ kind: 'end', end })],
    [recoverySignal.name, (message: RecoveryMessage) => shell.receiveFromReader(message)],
    [noticeSignal.name, (notice: ShardNotice) => shell.receiveReport(notice)],
  ]);
  wf.setDefaultSignalHandler((name, message) => {
    length.signalled();
    // What a handler throws would fail the task for ever.
    shell.faults.guard(() => {
      if (isOwnMessage(input.rule, name, message)) handlers.get(name)?.(message as never);
    });
  });

  const work = new wf.CancellationScope();
  const loops = work.run(() =>
    Promise.all(
      [publishing, (each: PartitionSetRun) => timekeeping(input.rule.clientId, each), serving, (each: PartitionSetRun) => recovering(input.rule.clientId, each), watchingShards].map((loop) =>
        persistently(shell.faults, () => loop(shell)),
      ),
    ),
  );
  await Promise.race([loops, wf.condition(() => mayEnd(shell, length))]);

  await endShards(shell, loops);
  if (!shell.isFinished()) await Promise.race([loops, quietEnd(input.rule.clientId, shell)]);
  // Much may have come meanwhile.
  await Promise.race([loops, wf.condition(() => !shell.outbox.isFull())]);
  if (!shell.isLight() && !shell.isFinished()) shell.dropInbox();
  await endLoops(work, loops);
  if (shell.isFinished()) return;
  await wf.continueAsNew<typeof ruleSet>({ ...withoutBirth(input), ...shell.carry() });
}

/** Nothing may be under way to a shard when the run ends: nobody could tell whether it has come. A shard may be lost meanwhile. */
async function endShards(shell: PartitionSetRun, loops: Promise<unknown>): Promise<void> {
  const { coordinator: desk } = shell;
  if (desk === null || shell.isFinished()) return;
  const isDone = (condition: () => boolean): Promise<unknown> => Promise.race([loops, wf.condition(() => shell.coordinator !== desk || condition())]);
  await isDone(() => desk.outboxes.areLight());
  desk.close();
  await isDone(() => !desk.isAsking());
  // A run that began when all was taken to the last goes on as it was recorded.
  if (wf.patched('closed-intake')) {
    shell.closeIntake();
    await isDone(() => desk.outboxes.areLight());
  }
  desk.outboxes.pause();
  await isDone(() => desk.outboxes.isQuiet());
}

/** A run ends when it is long and the next can be handed everything; one that grows very long hands over less. */
function mayEnd(shell: PartitionSetRun, length: RunLength): boolean {
  if (shell.isFinished()) return true;
  if (!length.isFull()) return false;
  if (!shell.isLight() && length.isOverfull()) shell.dropInbox();
  return shell.isLight();
}

/** Only the first run begins anew. */
function withoutBirth({ isBegunAnew: _first, ...input }: PartitionSetInput): PartitionSetInput {
  return input;
}

/** Takes letters to the shards, from when the set is split. */
async function serving(shell: PartitionSetRun): Promise<void> {
  for (;;) {
    await wf.condition(() => shell.coordinator !== null);
    const { coordinator: desk } = shell;
    await desk?.outboxes.run((detail) => shell.loseShards(detail));
    await wf.condition(() => shell.coordinator !== desk);
  }
}
