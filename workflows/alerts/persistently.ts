import * as wf from '@temporalio/workflow';
import type { Faults } from '../shared/faults.ts';

const AGAIN_AFTER_MS = 5_000;

/**
 * Runs a loop of a workflow until it ends or is cancelled. A failure that Temporal reports (a failed activity or child,
 * a rejected signal) would end the workflow: here it is recorded, and the loop starts again. Any other error is a bug:
 * it fails the task, which Temporal retries until the code is fixed.
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

/**
 * Runs a workflow's body. Only its own return ends the workflow: an uncaught Temporal failure fails the task, not the
 * run.
 */
export async function neverFailing(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof wf.TemporalFailure) || wf.isCancellation(error)) throw error;
    throw new Error(`uncaught Temporal failure: ${error.message}`, { cause: error });
  }
}
