import * as wf from '@temporalio/workflow';

/** Requests the cancellation of workflows. One that no longer runs has ended already. */
export function cancelWorkflows(workflowIds: readonly string[]): void {
  for (const workflowId of workflowIds) {
    wf.getExternalWorkflowHandle(workflowId)
      .cancel()
      .catch((error: unknown) => {
        if (!(error instanceof wf.TemporalFailure)) throw error;
      });
  }
}
