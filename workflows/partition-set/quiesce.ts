import * as wf from '@temporalio/workflow';
import type { Activities } from '../../activities/activities.ts';
import type { PartitionSetRun } from './partition-set-run.ts';
import { fairly } from '../shared/fairly.ts';

/** The run ends as soon as the reader answers. A reader that does not answer soon must not delay it. */
const { pauseReader } = wf.proxyActivities<Pick<Activities, 'pauseReader'>>({
  scheduleToCloseTimeout: '2s',
  retry: { maximumAttempts: 1 },
  cancellationType: wf.ActivityCancellationType.TRY_CANCEL,
});

/** How long a run waits for activities in flight. */
const QUIET_WITHIN_MS = 500;

/**
 * Waits until nothing is in flight that could arrive while the run ends: Temporal rejects the last task if something
 * arrived during it, and repeats all of it (temporalio/temporal#8097). Starts no activity meanwhile, and asks the
 * reader to hold its signals.
 */
export async function quietEnd(clientId: string, run: PartitionSetRun): Promise<void> {
  // Replay: histories recorded before this patch did not wait.
  if (!wf.patched('quiet-end')) return;
  const { workflowId: setId, runId } = wf.workflowInfo();
  run.isEnding = true;
  if (run.activities > 0)
    await wf.condition(() => run.activities === 0, QUIET_WITHIN_MS, { summary: 'before the run ends' });
  try {
    await pauseReader.executeWithOptions({ ...fairly(), summary: 'the run is about to end' }, [
      { clientId, setId, runId },
    ]);
  } catch (error) {
    // The last task may then have to be repeated.
    if (wf.isCancellation(error) || !(error instanceof wf.TemporalFailure)) throw error;
  }
}
