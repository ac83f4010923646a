import * as wf from '@temporalio/workflow';
import { publishing } from './publishing.ts';
import { timekeeping } from './timekeeping.ts';
import { endSignal, eventsSignal, ruleSignal, stateQuery, type SetInput } from './messages.ts';
import { SetShell } from './set-shell.ts';

/** Well under the server's 10,000 signals a run, so that a burst during rollover finds room. */
const SIGNALS_PER_RUN = 2_000;

/**
 * One partition set of one rule, for as long as the rule lives. The evaluator is src/core; this is its shell: signals in,
 * one timer for the earliest deadline, alerts out through an activity, and a new run before the history grows large.
 */
export async function ruleSet(input: SetInput): Promise<void> {
  const shell = new SetShell(input);
  const signalsPerRun = input.signalsPerRun ?? SIGNALS_PER_RUN;
  let signals = 0;

  wf.setHandler(stateQuery, () => shell.view());
  wf.setHandler(eventsSignal, (batch) => {
    signals += 1;
    shell.applyBatch(batch);
  });
  wf.setHandler(ruleSignal, (version) => {
    signals += 1;
    shell.useRule(version);
  });
  wf.setHandler(endSignal, (end) => {
    signals += 1;
    shell.end(end);
  });

  const isFull = (): boolean => signals >= signalsPerRun || wf.workflowInfo().continueAsNewSuggested;
  const work = new wf.CancellationScope();
  const loops = work.run(() => Promise.all([publishing(shell), timekeeping(shell)]));
  // A loop that fails is a bug: it must show as a failed workflow task, not be lost.
  await Promise.race([loops, wf.condition(() => isFull() || shell.isFinished())]);

  work.cancel();
  await loops.catch((error: unknown) => {
    if (!wf.isCancellation(error)) throw error;
  });
  if (shell.isFinished()) return;
  await wf.continueAsNew<typeof ruleSet>({ ...input, ...shell.carry() });
}
