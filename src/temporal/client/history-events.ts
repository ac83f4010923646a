import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
export type EventId = NonNullable<HistoryEvent['eventId']>;

/** Signals can have 512 KB each, and the client accepts 4 MB per response. */
const EVENTS_PER_PAGE = 4;

/** The history events of a run, in order, however large they are. */
export async function* historyEvents(
  client: Client,
  execution: { workflowId: string; runId: string },
): AsyncGenerator<HistoryEvent> {
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution,
      maximumPageSize: EVENTS_PER_PAGE,
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
    yield* page.history?.events ?? [];
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
}
