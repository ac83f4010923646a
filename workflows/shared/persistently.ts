import * as wf from '@temporalio/workflow';
import type { Faults } from './faults.ts';

const AGAIN_AFTER_MS = 5_000;

/**
 * Runs a loop of a workflow until it ends or is cancelled. A failure that Temporal reports (an activity, a child or a signal that
 * is refused) would end the workflow: here it is recorded, and the loop begins again. Any other error is a bug: it fails the
 * task, which is tried again until the code is mended.
 */
export async function persistently(faults: Faults, loop: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await loop();
      return;
    } catch (error) {
      if (wf.isCancellation(error) || !(error instanceof wf.TemporalFailure)) throw error;
      faults.record(error);
      await wf.sleep(AGAIN_AFTER_MS, { summary: 'after a failure' });
    }
  }
}

/** Runs a workflow's body. Only its own return ends it: a failure of Temporal's that nothing has caught fails the task, not the run. */
export async function neverFailing(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof wf.TemporalFailure) || wf.isCancellation(error)) throw error;
    throw new Error(`a failure that nothing has caught: ${error.message}`, { cause: error });
  }
}
