import * as wf from '@temporalio/workflow';

/** Knows whether the current workflow task has applied an update: Temporal stores it when the task completes. */
export class UpdateInTask {
  private historyLength: number | null = null;

  /** Call it when an update is applied. */
  note(): void {
    this.historyLength = wf.workflowInfo().historyLength;
  }

  /** Each task begins with a longer history. */
  isNow(): boolean {
    return this.historyLength === wf.workflowInfo().historyLength;
  }
}
