import * as wf from '@temporalio/workflow';
import { stateQuery } from './messages.ts';
import { publishing } from './publishing.ts';
import { endLoops, RunLength } from './run-length.ts';
import { lettersSignal, noticeSignal, type ShardInput, type ShardLetter } from './shard-messages.ts';
import { ShardShell } from './shard-shell.ts';

/** One shard of a set that is too large for one workflow. Its head sends the events, and tells it how far time has come. */
export async function ruleShard(input: ShardInput): Promise<void> {
  const shell = new ShardShell(input);
  const length = new RunLength(input.signalsPerRun);
  wf.setHandler(stateQuery, () => shell.view());
  wf.setHandler(lettersSignal, (letters: ShardLetter[]) => {
    length.signalled();
    shell.take(letters);
  });

  const state = { underWay: false, paused: false };
  const work = new wf.CancellationScope();
  const loops = work.run(() => Promise.all([publishing(shell.outbox), telling(input.setId, shell, state), watching(shell)]));
  await Promise.race([loops, wf.condition(() => length.isFull() || shell.isFinished())]);
  state.paused = true;
  await Promise.race([loops, wf.condition(() => !state.underWay)]);

  await endLoops(work, loops);
  if (shell.isFinished()) return;
  await wf.continueAsNew<typeof ruleShard>({ ...input, ...shell.carry() });
}

/** Tells the head what there is to tell, in order. */
async function telling(setId: string, shell: ShardShell, state: { underWay: boolean; paused: boolean }): Promise<void> {
  for (;;) {
    await wf.condition(() => !state.paused && shell.notices.length > 0);
    const [notice] = shell.notices;
    if (notice === undefined) continue;
    state.underWay = true;
    await wf.getExternalWorkflowHandle(setId).signal(noticeSignal, notice);
    shell.notices.shift();
    state.underWay = false;
  }
}

/** Asks for time to go on when something is due. */
async function watching(shell: ShardShell): Promise<void> {
  for (;;) {
    await wf.condition(() => shell.alarm() < Infinity);
    const alarm = shell.alarm();
    const waitMs = alarm - Date.now();
    if (waitMs > 0) await wf.condition(() => shell.alarm() < alarm, waitMs, { summary: 'next deadline' });
    else shell.ask();
  }
}
