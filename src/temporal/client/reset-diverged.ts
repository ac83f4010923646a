import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

/** How the SDK names the event that does not fit: `HistoryEvent(id: 133, …)` or `HistoryEvent { event_id: 133, …`. */
const EVENT_IN_DETAIL = /HistoryEvent\(id: (\d+)|event_id: (\d+)/;
/** Signals may have 512 KB each, and the client accepts 4 MB at once. */
const EVENTS_A_PAGE = 4;
const REASON = 'vigil: the history of the run cannot be replayed from here on';

/** The first event of a history that a replay does not fit, as the SDK reports it; null where it names none. */
export function divergedEvent(detail: string): number | null {
  const [, id, otherId] = EVENT_IN_DETAIL.exec(detail) ?? [];
  return id === undefined && otherId === undefined ? null : Number(id ?? otherId);
}

/**
 * Resets the running run of a workflow to the workflow task that made the event which its replay does not fit. Temporal keeps the
 * history before that task, and applies all later signals again. Returns the id of the event that it was reset to; null where the
 * workflow does not run or its task does not fail any more, or where there is no such task.
 */
export async function resetDiverged(client: Client, workflowId: string, eventId: number): Promise<number | null> {
  const { runId, status, raw } = await client.workflow.getHandle(workflowId).describe();
  // Another worker may have reset it meanwhile.
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

type EventId = NonNullable<temporal.api.history.v1.IHistoryEvent['eventId']>;

/** The id of the last completion of a workflow task that is not after an event. */
async function lastTaskUntil(
  client: Client,
  execution: { workflowId: string; runId: string },
  eventId: number,
): Promise<EventId | null> {
  let found: EventId | null = null;
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution,
      maximumPageSize: EVENTS_A_PAGE,
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
    for (const { eventId: id, workflowTaskCompletedEventAttributes } of page.history?.events ?? []) {
      if (id === null || id === undefined || id.toNumber() > eventId) return found;
      if (Boolean(workflowTaskCompletedEventAttributes)) found = id;
    }
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
  return found;
}
