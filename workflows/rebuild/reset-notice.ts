import * as wf from '@temporalio/workflow';

/**
 * Notices that the run was reset (`temporal workflow reset`): a reset gives a run a new id, and keeps the id that it
 * started with. All of a replay sees the new id, so a patch marks the point in the history at which it was noticed.
 */
export class ResetNotice {
  /** The newest id of the run that its history tells. */
  private knownRunId = wf.workflowInfo().originalExecutionRunId;
  private count = 0;
  private isPending = false;

  /** Whether the run was reset and that has not been noticed yet. Not for code that replay repeats. */
  isOpen(): boolean {
    return !this.isPending && wf.workflowInfo().runId !== this.knownRunId;
  }

  /** The same, once for each reset. Histories of runs that were not reset have no markers. */
  take(): boolean {
    if (!this.isOpen() || !wf.patched(`workflow-reset-${this.count}`)) return false;
    this.count += 1;
    this.isPending = true;
    return true;
  }

  /**
   * What this run has asked for arrives with the id that it had when it asked. `askedBy`: what a replay takes for that id;
   * that of an earlier run tells nothing about this one.
   */
  learn(askedBy: string | undefined, runId: string | undefined): void {
    if (runId === undefined || askedBy !== wf.workflowInfo().runId) return;
    this.knownRunId = runId;
    this.isPending = false;
  }
}

/** Notices a reset after which nothing arrives. `noticeReset` returns whether there was one. */
export async function noticingResets(run: { noticeReset(): boolean }): Promise<void> {
  const { runId, originalExecutionRunId } = wf.workflowInfo();
  if (runId === originalExecutionRunId) return;
  for (;;) await wf.condition(() => run.noticeReset());
}
