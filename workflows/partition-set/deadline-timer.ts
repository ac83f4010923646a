import * as wf from '@temporalio/workflow';
import type { Activities } from '../../activities/activities.ts';
import type { PartitionSetRun } from './partition-set-run.ts';

const { seenUntil } = wf.proxyActivities<Pick<Activities, 'seenUntil'>>({
  startToCloseTimeout: '10s',
  heartbeatTimeout: '4s',
  // While no reader answers, vigil is blind: it must not take its own silence for the machines'.
  retry: { initialInterval: '200ms', backoffCoefficient: 1.5, maximumInterval: '5s' },
  cancellationType: wf.ActivityCancellationType.TRY_CANCEL,
});

/** Between two questions to a reader whose clock is behind ours. */
const SHORTEST_WAIT_MS = 5;

/**
 * Handles deadlines when they come. Before a deadline counts, the reader confirms that it has delivered every event stored
 * by then: so a backlog, or a reader that was down, never makes data look old or a condition look unbroken.
 */
export async function timekeeping(clientId: string, run: PartitionSetRun): Promise<void> {
  for (;;) {
    await wf.condition(() => run.deadline() < Infinity);
    const deadline = run.deadline();
    // A signal that came in the same task may have taken it away since.
    if (deadline === Infinity) continue;
    const waitMs = deadline - Date.now();
    if (waitMs > 0) {
      // A deadline that moves later, as with every event, leaves the timer alone: it is looked at when it fires.
      await wf.condition(() => run.deadline() < deadline, waitMs, { summary: 'next deadline' });
      continue;
    }
    const untilMs = await askReader(clientId, run, deadline);
    run.advanceTo(untilMs);
    if (untilMs < deadline)
      await wf.sleep(Math.max(SHORTEST_WAIT_MS, deadline - untilMs), { summary: "the reader's clock is behind" });
  }
}

async function askReader(clientId: string, run: PartitionSetRun, deadline: number): Promise<number> {
  run.activities += 1;
  try {
    return await seenUntil.executeWithOptions(
      { summary: `are all events up to ${new Date(deadline).toISOString()} delivered?` },
      [clientId, deadline],
    );
  } finally {
    run.activities -= 1;
  }
}
