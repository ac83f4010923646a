import * as wf from '@temporalio/workflow';

/** Well below the server's limit of 10,000 signals per run, so that a burst at the end of a run fits. */
const SIGNALS_PER_RUN = 2_000;

/** History bytes per run: a workflow that has lost its worker, or its place in a worker's cache, replays all of it. */
const BYTES_PER_RUN = 1024 * 1024;
/** A run with a large state is longer, so that carrying the state stays a small part of the work. */
const TIMES_ITS_STATE = 4;

/** Limits of a run whose state cannot be carried yet: well below the server's 50 MB and 51,200 events. */
const MOST_BYTES_PER_RUN = 16 * 1024 * 1024;
const MOST_EVENTS_PER_RUN = 20_000;

/** Length of a run: it continues as new before its history grows large. */
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
    // Replay: in histories recorded before this patch, only the server limited the bytes of a run.
    return historySize >= BYTES_PER_RUN + TIMES_ITS_STATE * this.bytesAtStart && wf.patched('bytes');
  }

  /** The run must end, even if not everything can be carried. */
  isOverfull(): boolean {
    const { historySize, historyLength } = wf.workflowInfo();
    return historySize >= MOST_BYTES_PER_RUN || historyLength >= MOST_EVENTS_PER_RUN;
  }
}

/** Ends the loops of a run. A failed loop is a bug: it must fail the workflow task, not be lost. */
export async function endLoops(work: wf.CancellationScope, loops: Promise<unknown>): Promise<void> {
  work.cancel();
  await loops.catch((error: unknown) => {
    if (!wf.isCancellation(error)) throw error;
  });
}
