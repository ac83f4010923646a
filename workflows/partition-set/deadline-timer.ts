import * as wf from '@temporalio/workflow';
import type { Activities } from '../../activities/activities.ts';
import type { PartitionSetRun } from './partition-set-run.ts';
import { fairly } from '../shared/fairly.ts';

const { seenUntil } = wf.proxyActivities<Pick<Activities, 'seenUntil'>>({
  startToCloseTimeout: '10s',
  heartbeatTimeout: '4s',
  // Without a reader, vigil sees no events: it must not mistake its own silence for that of the machines.
  retry: { initialInterval: '200ms', backoffCoefficient: 1.5, maximumInterval: '5s' },
  cancellationType: wf.ActivityCancellationType.TRY_CANCEL,
});

/** Minimum time between two questions to a reader whose clock is behind. */
const SHORTEST_WAIT_MS = 5;

/**
 * Handles deadlines when they are due. A deadline counts only after the reader has confirmed that it has delivered
 * every event stored by then: a backlog or an outage of the reader never makes data look stale or a condition look
 * unbroken.
 */
export async function timekeeping(clientId: string, run: PartitionSetRun): Promise<void> {
  for (;;) {
    await wf.condition(() => run.deadline() < Infinity);
    const deadline = run.deadline();
    // A signal in the same task may have removed it since.
    if (deadline === Infinity) continue;
    const waitMs = deadline - Date.now();
    if (waitMs > 0) {
      // Postponing a deadline, which nearly every event does, leaves the timer alone: it is checked when it fires.
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
      { ...fairly(), summary: `are all events up to ${new Date(deadline).toISOString()} delivered?` },
      [clientId, deadline],
    );
  } finally {
    run.activities -= 1;
  }
}
