import type { Client } from '@temporalio/client';
import { historyEvents, type EventId } from './history-events.ts';

/** The diverging event in the SDK's message: `HistoryEvent(id: 133, …)` or `HistoryEvent { event_id: 133, …`. */
const EVENT_IN_DETAIL = /HistoryEvent\(id: (\d+)|event_id: (\d+)/;
const REASON = 'vigil: the history of the run cannot be replayed from here on';

/** The id of the first history event that a replay does not match, from the SDK's message; null if it has none. */
export function divergedEvent(detail: string): number | null {
  const [, id, otherId] = EVENT_IN_DETAIL.exec(detail) ?? [];
  return id === undefined && otherId === undefined ? null : Number(id ?? otherId);
}

/**
 * Resets the running run of a workflow to the last workflow task before the event that its replay does not match.
 * Temporal keeps the history before that task and reapplies all later signals. Returns the event id of the reset point;
 * null if the workflow does not run, its task no longer fails, or there is no such task.
 */
export async function resetDiverged(client: Client, workflowId: string, eventId: number): Promise<number | null> {
  const { runId, status, raw } = await client.workflow.getHandle(workflowId).describe();
  // Another worker can have reset it in the meantime.
  if (status.name !== 'RUNNING' || (raw.pendingWorkflowTask?.attempt ?? 0) <= 1) return null;
  const execution = { workflowId, runId };
  const finishEventId = await lastTaskUntil(client, execution, eventId);
  if (finishEventId === null) return null;
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: execution,
    workflowTaskFinishEventId: finishEventId,
    requestId: `${runId}-${finishEventId.toString()}`,
    reason: REASON,
  });
  return finishEventId.toNumber();
}

/** The id of the last WorkflowTaskCompleted event up to `eventId`. */
async function lastTaskUntil(
  client: Client,
  execution: { workflowId: string; runId: string },
  eventId: number,
): Promise<EventId | null> {
  let found: EventId | null = null;
  for await (const { eventId: id, workflowTaskCompletedEventAttributes } of historyEvents(client, execution)) {
    if (id === null || id === undefined || id.toNumber() > eventId) break;
    if (Boolean(workflowTaskCompletedEventAttributes)) found = id;
  }
  return found;
}
