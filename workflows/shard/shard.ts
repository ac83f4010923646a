import * as wf from '@temporalio/workflow';
import { countRefused } from '../shared/metrics.ts';
import { stateQuery } from '../messages.ts';
import { neverFailing, persistently } from '../shared/persistently.ts';
import { publishing } from '../shared/publishing.ts';
import { endLoops, RunLength } from '../shared/continue-as-new.ts';
import { lettersSignal, noticeSignal, type Address, type ShardInput, type ShardMessage } from './messages.ts';
import { ShardRun } from './shard-run.ts';

/** A shard that has heard nothing for so long asks whether its coordinator still knows it. */
const CHECK_IN_AFTER_MS = 2 * 3_600_000;

/**
 * One shard of a set that is too large for one workflow. Its coordinator sends the events, and tells it how far time has come. It ends with
 * its rule, when its coordinator cancels it, and when there is no coordinator any more: then the set is rebuilt without it.
 */
export const ruleShard = (input: ShardInput): Promise<void> => neverFailing(() => runOnce(input));

async function runOnce(input: ShardInput): Promise<void> {
  const run = new ShardRun(input);
  const length = new RunLength(input.signalsPerRun);
  wf.setHandler(stateQuery, () => run.view());
  wf.setHandler(lettersSignal, (messages: ShardMessage[], address?: Address) => {
    length.signalled();
    // What a handler throws would fail the task for ever.
    run.faults.guard(() => {
      if (address === undefined || address.shardId === wf.workflowInfo().workflowId) run.receive(messages);
      else countRefused(input.rule, `letters for ${address.shardId}`);
    });
  });

  const state = { underWay: false, paused: false };
  const work = new wf.CancellationScope();
  const loops = work.run(() =>
    Promise.all(
      [publishing, (each: ShardRun) => telling(input.setId, each, state), watching, checkingIn].map((loop) =>
        persistently(run.faults, () => loop(run)),
      ),
    ),
  );
  await Promise.race([
    loops,
    wf.condition(() => run.isFinished() || (length.isFull() && (run.isLight() || length.isOverfull()))),
  ]);
  state.paused = true;
  await Promise.race([loops, wf.condition(() => !state.underWay)]);

  await endLoops(work, loops);
  if (run.isFinished()) return;
  await wf.continueAsNew<typeof ruleShard>({ ...input, ...run.carry() });
}

/** Tells the coordinator what there is to tell, in order. */
async function telling(setId: string, run: ShardRun, state: { underWay: boolean; paused: boolean }): Promise<void> {
  for (;;) {
    await wf.condition(() => !state.paused && run.notices.length > 0);
    const [notice] = run.notices;
    if (notice === undefined) continue;
    state.underWay = true;
    try {
      await wf.getExternalWorkflowHandle(setId).signal(noticeSignal, { ...notice, setId });
      run.notices.shift();
    } catch (error) {
      if (wf.isCancellation(error) || !(error instanceof wf.TemporalFailure)) throw error;
      run.abandon();
    } finally {
      state.underWay = false;
    }
  }
}

/** Asks for time to go on when something is due. */
async function watching(run: ShardRun): Promise<void> {
  for (;;) {
    await wf.condition(() => run.alarm() < Infinity);
    const alarm = run.alarm();
    const waitMs = alarm - Date.now();
    if (waitMs > 0) await wf.condition(() => run.alarm() < alarm, waitMs, { summary: 'next deadline' });
    else run.ask();
  }
}

async function checkingIn(run: ShardRun): Promise<void> {
  // A run that began when no shard did goes on as it was recorded.
  if (!wf.patched('check-in')) return;
  for (;;) {
    const { heard } = run;
    await wf.sleep(CHECK_IN_AFTER_MS, { summary: 'check in with the head' });
    if (run.heard === heard) run.checkIn();
  }
}
