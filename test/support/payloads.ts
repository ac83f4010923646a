import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

/** Payload size of a history event. */
export interface Carried {
  workflowId: string;
  event: string;
  /** Bytes of all its payloads. */
  bytes: number;
}

const EVENTS_PER_PAGE = 4;

/** The history events of all runs that match a query, largest payload first. */
export async function largestEvents(temporal: Client, query: string): Promise<Carried[]> {
  const found: Carried[] = [];
  for await (const { workflowId, runId } of temporal.workflow.list({ query })) {
    for await (const event of eventsOf(temporal, { workflowId, runId })) {
      const name = Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? '';
      found.push({ workflowId, event: name, bytes: payloadBytes(event) });
    }
  }
  return found.sort((a, b) => b.bytes - a.bytes);
}

/** The complete history of a run, for events of any size. */
export async function wholeHistory(
  client: Client,
  execution: { workflowId: string; runId: string },
): Promise<temporal.api.history.v1.IHistory> {
  const events = [];
  for await (const event of eventsOf(client, execution)) events.push(event);
  return { events };
}

/** In small pages, because the client accepts 4 MB per response. */
async function* eventsOf(
  client: Client,
  execution: { workflowId: string; runId: string },
): AsyncIterable<temporal.api.history.v1.IHistoryEvent> {
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: 'default',
      execution,
      maximumPageSize: EVENTS_PER_PAGE,
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
    yield* page.history?.events ?? [];
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
}

/** Payloads are messages with `data`, at any depth. */
function payloadBytes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (value instanceof Uint8Array) return value.length;
  return Object.values(value).reduce((sum: number, each) => sum + payloadBytes(each), 0);
}
