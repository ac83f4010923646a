import * as wf from '@temporalio/workflow';
import type { StoredRule } from '../src/core/stored-rule.ts';
import { publishing } from './publishing.ts';
import { endLoops, RunLength } from './run-length.ts';
import { noticeSignal, type Notice } from './shard-messages.ts';
import { timekeeping } from './timekeeping.ts';
import { endSignal, eventsSignal, ruleSignal, stateQuery, waitingQuery, type EventBatch, type SetEnd, type SetInput } from './messages.ts';
import { SetShell } from './set-shell.ts';

/**
 * One partition set of one rule, for as long as the rule lives. The evaluator is src/core; this is its shell: signals in,
 * one timer for the earliest deadline, alerts out through an activity, and a new run before the history grows large.
 */
export async function ruleSet(input: SetInput): Promise<void> {
  const shell = new SetShell(input);
  const length = new RunLength(input.signalsPerRun);

  wf.setHandler(stateQuery, () => shell.view());
  wf.setHandler(waitingQuery, () => shell.desk?.boxes.size() ?? 0);
  // What came before a run's first task is handed over as handlers appear, those of one name before those of the next. One
  // handler for all keeps the order in which they came.
  const handlers = new Map<string, (message: never) => void>([
    [eventsSignal.name, (batch: EventBatch) => shell.applyBatch(batch)],
    [ruleSignal.name, (version: StoredRule) => shell.useRule(version)],
    [endSignal.name, (end: SetEnd) => shell.end(end)],
    [noticeSignal.name, (notice: Notice) => shell.hear(notice)],
  ]);
  wf.setDefaultSignalHandler((name, message) => {
    length.signalled();
    handlers.get(name)?.(message as never);
  });

  const work = new wf.CancellationScope();
  const loops = work.run(() => Promise.all([publishing(shell.outbox), timekeeping(input.rule.clientId, shell), serving(shell)]));
  await Promise.race([loops, wf.condition(() => length.isFull() || shell.isFinished())]);

  const { desk } = shell;
  if (desk !== null && !shell.isFinished()) {
    // Nothing may be under way to a shard when the run ends: nobody could tell whether it has come.
    await Promise.race([loops, wf.condition(() => desk.boxes.areLight())]);
    desk.close();
    await Promise.race([loops, wf.condition(() => !desk.isAsking())]);
    desk.boxes.pause();
    await Promise.race([loops, wf.condition(() => desk.boxes.isQuiet())]);
  }
  await endLoops(work, loops);
  if (shell.isFinished()) return;
  await wf.continueAsNew<typeof ruleSet>({ ...input, ...shell.carry() });
}

/** Takes letters to the shards, from when the set is split. */
async function serving(shell: SetShell): Promise<void> {
  for (;;) {
    await wf.condition(() => shell.desk !== null);
    await shell.desk?.boxes.run();
  }
}
