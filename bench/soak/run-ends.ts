import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { RULE_SET_WORKFLOW } from '../../workflows/messages.ts';

/** How the runs of sets ended. */
export interface RunEnds {
  /** Runs that continued as new. */
  ended: number;
  /** Runs among them that repeated their last task, because a new event arrived. */
  again: number;
  /** Counts of these events by Temporal event type. */
  disturbedBy: Record<string, number>;
}

/** Number of last history events to search for a repeated task. */
const LAST_EVENTS = 40;

const { EventType, WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;
const { EVENT_TYPE_WORKFLOW_TASK_FAILED: TASK_FAILED, EVENT_TYPE_WORKFLOW_TASK_SCHEDULED: TASK_SCHEDULED } = EventType;
const { WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND: UNHANDLED_COMMAND } = WorkflowTaskFailedCause;

/** Counts the runs that started after `sinceMs`, epoch ms. */
export async function runEndsSince(client: Client, sinceMs: number): Promise<RunEnds> {
  const ends: RunEnds = { ended: 0, again: 0, disturbedBy: {} };
  const query = `WorkflowType='${RULE_SET_WORKFLOW}' AND ExecutionStatus='ContinuedAsNew' AND StartTime > '${new Date(sinceMs).toISOString()}'`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const execution = { workflowId, runId };
    const answer = await client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution,
      maximumPageSize: LAST_EVENTS,
    });
    const events = (answer.history?.events ?? []).toReversed();
    ends.ended += 1;
    const failed = events.findIndex(
      (event) =>
        event.eventType === TASK_FAILED && event.workflowTaskFailedEventAttributes?.cause === UNHANDLED_COMMAND,
    );
    if (failed === -1) continue;
    ends.again += 1;
    // Events that arrived during the task follow it directly.
    for (const { eventType } of events.slice(failed + 1)) {
      if (eventType === TASK_SCHEDULED) break;
      const type = EventType[eventType ?? EventType.EVENT_TYPE_UNSPECIFIED];
      ends.disturbedBy[type] = (ends.disturbedBy[type] ?? 0) + 1;
    }
  }
  return ends;
}
