import * as wf from '@temporalio/workflow';
import { takingActions } from '../alerts/actions.ts';
import { countRefused } from '../shared/metrics.ts';
import { explainQuery, partitionsQuery, stateQuery } from '../messages.ts';
import { neverFailing, persistently } from '../alerts/persistently.ts';
import { noticingResets } from '../rebuild/reset-notice.ts';
import { publishing } from '../alerts/publishing.ts';
import { endLoops, RunLength } from '../shared/continue-as-new.ts';
import { settling } from '../shared/ui-state.ts';
import { lettersSignal, noticeSignal, type Address, type ShardInput, type ShardMessage } from './messages.ts';
import { ShardRun } from './shard-run.ts';

/** A shard without any signal for this long asks whether its coordinator still knows it. */
const CHECK_IN_AFTER_MS = 2 * 3_600_000;

/**
 * One shard of a partition set that is too large for one workflow. Its coordinator sends the events and the clock. It
 * ends with its rule, when its coordinator cancels it, or when the coordinator no longer runs: the partition set is
 * then rebuilt without it.
 */
export const ruleShard = (input: ShardInput): Promise<void> => neverFailing(() => runOnce(input));

async function runOnce(input: ShardInput): Promise<void> {
  const run = new ShardRun(input);
  const length = new RunLength(input.signalsPerRun);
  wf.setHandler(stateQuery, () => run.view());
  wf.setHandler(explainQuery, (request) => run.explain(request));
  wf.setHandler(partitionsQuery, (request) => run.partitions(request));
  wf.setHandler(lettersSignal, (messages: ShardMessage[], address?: Address) => {
    length.signalled();
    // An error thrown by a handler would fail the task forever.
    run.faults.guard(() => {
      run.noticeReset();
      if (address === undefined || address.shardId === wf.workflowInfo().workflowId) run.receive(messages);
      else countRefused(input.rule, `messages for ${address.shardId}`);
    });
  });

  takingActions(run, length);

  const state = { isInFlight: false, isPaused: false };
  const work = new wf.CancellationScope();
  const loops = work.run(() =>
    Promise.all(
      [
        publishing,
        (each: ShardRun) => reporting(input.setId, each, state),
        watching,
        checkingIn,
        noticingResets,
        settling,
      ].map((loop) => persistently(run.faults, () => loop(run))),
    ),
  );
  await Promise.race([
    loops,
    wf.condition(() => run.isFinished() || (length.isFull() && (run.isLight() || length.isOverfull()))),
  ]);
  state.isPaused = true;
  await Promise.race([loops, wf.condition(() => !state.isInFlight)]);

  await endLoops(work, loops);
  run.ui.write();
  if (run.isFinished()) return;
  const { comparison: _comparison, muted: _muted, ...unchanged } = input;
  await wf.continueAsNew<typeof ruleShard>({ ...unchanged, ...run.carry() });
}

/** Sends reports and requests to the coordinator, in order. */
async function reporting(
  setId: string,
  run: ShardRun,
  state: { isInFlight: boolean; isPaused: boolean },
): Promise<void> {
  for (;;) {
    await wf.condition(() => !state.isPaused && run.coordinator.notices.length > 0);
    const [notice] = run.coordinator.notices;
    if (notice === undefined) continue;
    state.isInFlight = true;
    try {
      await wf.getExternalWorkflowHandle(setId).signal(noticeSignal, { ...notice, setId });
      run.coordinator.notices.shift();
    } catch (error) {
      if (wf.isCancellation(error) || !(error instanceof wf.TemporalFailure)) throw error;
      run.abandon();
    } finally {
      state.isInFlight = false;
    }
  }
}

/** Asks the coordinator to advance the clock when a deadline is due. */
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
  // Replay: histories recorded before this patch did not check in.
  if (!wf.patched('check-in')) return;
  for (;;) {
    const { signalCount } = run;
    // Summaries are stored in histories: the text keeps the former name of the coordinator.
    await wf.sleep(CHECK_IN_AFTER_MS, { summary: 'check in with the head' });
    if (run.signalCount === signalCount) run.checkIn();
  }
}
