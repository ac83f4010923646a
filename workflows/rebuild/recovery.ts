import * as wf from '@temporalio/workflow';
import type { Activities } from '../../activities/activities.ts';
import type { RecoveryState } from '../messages.ts';
import { fairly } from '../shared/fairly.ts';

const { requestRecovery } = wf.proxyActivities<Pick<Activities, 'requestRecovery'>>({
  startToCloseTimeout: '10s',
  // Without a reader, nobody could send events either.
  retry: { initialInterval: '200ms', backoffCoefficient: 1.5, maximumInterval: '5s' },
  cancellationType: wf.ActivityCancellationType.TRY_CANCEL,
});

/** The reader may have stopped since it started. */
const ASK_AGAIN_MS = 60_000;

export interface Recoverable {
  readonly recovery: RecoveryState | null;
}

/** Asks the reader for the events that a partition set lacks, until it has received them. */
export async function recovering(clientId: string, set: Recoverable): Promise<void> {
  for (;;) {
    await wf.condition(() => set.recovery !== null);
    const { recovery } = set;
    if (recovery === null) continue;
    const { requestId, reason, afterSequence, fromVersion, runId } = recovery;
    const { workflowId: setId } = wf.workflowInfo();
    const further = { ...(fromVersion !== undefined && { fromVersion }), ...(runId !== undefined && { runId }) };
    await requestRecovery.executeWithOptions({ ...fairly(), summary: `rebuild from the stream: ${reason}` }, [
      { clientId, setId, requestId, reason, afterSequence, ...further },
    ]);
    await wf.condition(() => set.recovery?.requestId !== requestId, ASK_AGAIN_MS, { summary: 'ask the reader again' });
  }
}

export const newRecovery = (reason: RecoveryState['reason'], afterSequence: number | null): RecoveryState => ({
  requestId: wf.uuid4(),
  runId: wf.workflowInfo().runId,
  reason,
  afterSequence,
  sinceMs: Date.now(),
  attempt: null,
  publishedUntilMs: null,
  isComplete: true,
  startsWithEvent: false,
});
