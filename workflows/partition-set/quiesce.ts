import * as wf from '@temporalio/workflow';
import type { Activities } from '../../activities/activities.ts';
import type { PartitionSetRun } from './partition-set-run.ts';

/** The run ends at once when the reader has answered. One that does not answer soon must not keep it. */
const { pauseReader } = wf.proxyActivities<Pick<Activities, 'pauseReader'>>({
  scheduleToCloseTimeout: '2s',
  retry: { maximumAttempts: 1 },
  cancellationType: wf.ActivityCancellationType.TRY_CANCEL,
});

/** A run does not wait longer for activities that are under way. */
const QUIET_WITHIN_MS = 500;

/**
 * Waits until nothing is under way that could come while the run ends: Temporal refuses a last task during which something came, and all of it
 * is done again (temporalio/temporal#8097). Begins no activity of its own meanwhile, and asks the reader to hold its signals.
 */
export async function quietEnd(clientId: string, run: PartitionSetRun): Promise<void> {
  // A run that began when none waited goes on as it was recorded.
  if (!wf.patched('quiet-end')) return;
  const { workflowId: setId, runId } = wf.workflowInfo();
  run.isEnding = true;
  if (run.activities > 0)
    await wf.condition(() => run.activities === 0, QUIET_WITHIN_MS, { summary: 'before the run ends' });
  try {
    await pauseReader.executeWithOptions({ summary: 'the run is about to end' }, [{ clientId, setId, runId }]);
  } catch (error) {
    // Then the last task may have to be done again.
    if (wf.isCancellation(error) || !(error instanceof wf.TemporalFailure)) throw error;
  }
}
