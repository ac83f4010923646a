import * as wf from '@temporalio/workflow';

/** Well under the server's 10,000 signals a run, so that a burst during rollover finds room. */
const SIGNALS_PER_RUN = 2_000;

/** How much a run has taken: it continues as new before its history grows large. */
export class RunLength {
  private signals = 0;
  private readonly limit: number;

  constructor(limit = SIGNALS_PER_RUN) {
    this.limit = limit;
  }

  signalled(): void {
    this.signals += 1;
  }

  isFull(): boolean {
    return this.signals >= this.limit || wf.workflowInfo().continueAsNewSuggested;
  }
}

/** Ends the loops of a run. One that failed is a bug: it must show as a failed workflow task, not be lost. */
export async function endLoops(work: wf.CancellationScope, loops: Promise<unknown>): Promise<void> {
  work.cancel();
  await loops.catch((error: unknown) => {
    if (!wf.isCancellation(error)) throw error;
  });
}
