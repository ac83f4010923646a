import * as wf from '@temporalio/workflow';

/** Well under the server's 10,000 signals a run, so that a burst during rollover finds room. */
const SIGNALS_PER_RUN = 2_000;

/** Of history: a workflow that has lost its worker, or its place in a worker's cache, goes through all of it again. */
const BYTES_PER_RUN = 1024 * 1024;
/** A run that is handed much state is longer, so that handing it over stays a small part of the work. */
const TIMES_ITS_STATE = 4;

/** A run whose state cannot be handed over yet goes on so far: well under the server's 50 MB and 51,200 events. */
const MOST_BYTES_PER_RUN = 16 * 1024 * 1024;
const MOST_EVENTS_PER_RUN = 20_000;

/** How much a run has taken: it continues as new before its history grows large. */
export class RunLength {
  private signals = 0;
  private readonly limit: number;
  private readonly bytesAtStart = wf.workflowInfo().historySize;

  constructor(limit = SIGNALS_PER_RUN) {
    this.limit = limit;
  }

  signalled(): void {
    this.signals += 1;
  }

  isFull(): boolean {
    const { continueAsNewSuggested, historySize } = wf.workflowInfo();
    if (this.signals >= this.limit || continueAsNewSuggested) return true;
    // A run that began when only the server bounded its bytes goes on as it was recorded.
    return historySize >= BYTES_PER_RUN + TIMES_ITS_STATE * this.bytesAtStart && wf.patched('bytes');
  }

  /** It must end, even if not everything can be handed over. */
  isOverfull(): boolean {
    const { historySize, historyLength } = wf.workflowInfo();
    return historySize >= MOST_BYTES_PER_RUN || historyLength >= MOST_EVENTS_PER_RUN;
  }
}

/** Ends the loops of a run. One that failed is a bug: it must show as a failed workflow task, not be lost. */
export async function endLoops(work: wf.CancellationScope, loops: Promise<unknown>): Promise<void> {
  work.cancel();
  await loops.catch((error: unknown) => {
    if (!wf.isCancellation(error)) throw error;
  });
}
