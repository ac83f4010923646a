import * as wf from '@temporalio/workflow';
import { countRefused } from '../shared/metrics.ts';
import { stateQuery } from '../messages.ts';
import { neverFailing, persistently } from '../shared/persistently.ts';
import { publishing } from '../shared/publishing.ts';
import { endLoops, RunLength } from '../shared/continue-as-new.ts';
import { lettersSignal, noticeSignal, type Address, type ShardInput, type ShardMessage } from './messages.ts';
import { ShardRun } from './shard-run.ts';

/** A shard that has heard nothing for so long asks whether its head still knows it. */
const CHECK_IN_AFTER_MS = 2 * 3_600_000;

/**
 * One shard of a set that is too large for one workflow. Its head sends the events, and tells it how far time has come. It ends with
 * its rule, when its head cancels it, and when there is no head any more: then the set is rebuilt without it.
 */
export const ruleShard = (input: ShardInput): Promise<void> => neverFailing(() => run(input));

async function run(input: ShardInput): Promise<void> {
  const shell = new ShardRun(input);
  const length = new RunLength(input.signalsPerRun);
  wf.setHandler(stateQuery, () => shell.view());
  wf.setHandler(lettersSignal, (letters: ShardMessage[], address?: Address) => {
    length.signalled();
    // What a handler throws would fail the task for ever.
    shell.faults.guard(() => {
      if (address === undefined || address.shardId === wf.workflowInfo().workflowId) shell.receive(letters);
      else countRefused(input.rule, `letters for ${address.shardId}`);
    });
  });

  const state = { underWay: false, paused: false };
  const work = new wf.CancellationScope();
  const loops = work.run(() =>
    Promise.all([publishing, (each: ShardRun) => telling(input.setId, each, state), watching, checkingIn].map((loop) => persistently(shell.faults, () => loop(shell)))),
  );
  await Promise.race([loops, wf.condition(() => shell.isFinished() || (length.isFull() && (shell.isLight() || length.isOverfull())))]);
  state.paused = true;
  await Promise.race([loops, wf.condition(() => !state.underWay)]);

  await endLoops(work, loops);
  if (shell.isFinished()) return;
  await wf.continueAsNew<typeof ruleShard>({ ...input, ...shell.carry() });
}

/** Tells the head what there is to tell, in order. */
async function telling(setId: string, shell: ShardRun, state: { underWay: boolean; paused: boolean }): Promise<void> {
  for (;;) {
    await wf.condition(() => !state.paused && shell.notices.length > 0);
    const [notice] = shell.notices;
    if (notice === undefined) continue;
    state.underWay = true;
    try {
      await wf.getExternalWorkflowHandle(setId).signal(noticeSignal, { ...notice, setId });
      shell.notices.shift();
    } catch (error) {
      if (wf.isCancellation(error) || !(error instanceof wf.TemporalFailure)) throw error;
      shell.abandon();
    } finally {
      state.underWay = false;
    }
  }
}

/** Asks for time to go on when something is due. */
async function watching(shell: ShardRun): Promise<void> {
  for (;;) {
    await wf.condition(() => shell.alarm() < Infinity);
    const alarm = shell.alarm();
    const waitMs = alarm - Date.now();
    if (waitMs > 0) await wf.condition(() => shell.alarm() < alarm, waitMs, { summary: 'next deadline' });
    else shell.ask();
  }
}

async function checkingIn(shell: ShardRun): Promise<void> {
  // A run that began when no shard did goes on as it was recorded.
  if (!wf.patched('check-in')) return;
  for (;;) {
    const { heard } = shell;
    await wf.sleep(CHECK_IN_AFTER_MS, { summary: 'check in with the head' });
    if (shell.heard === heard) shell.checkIn();
  }
}
