import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

/** What one event of a history carries. */
export interface Carried {
  workflowId: string;
  event: string;
  /** Of all its payloads. */
  bytes: number;
}

const EVENTS_A_PAGE = 4;

/** The largest events of all runs of the workflows that a query finds, the largest first: what crossed to Temporal and back. */
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

/** The history of a run, however large its events are. */
export async function wholeHistory(
  client: Client,
  execution: { workflowId: string; runId: string },
): Promise<temporal.api.history.v1.IHistory> {
  const events = [];
  for await (const event of eventsOf(client, execution)) events.push(event);
  return { events };
}

/** By small pages: the client takes 4 MB at once. */
async function* eventsOf(
  client: Client,
  execution: { workflowId: string; runId: string },
): AsyncIterable<temporal.api.history.v1.IHistoryEvent> {
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: 'default',
      execution,
      maximumPageSize: EVENTS_A_PAGE,
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
    yield* page.history?.events ?? [];
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
}

/** Payloads are messages with `data`; they occur at any depth. */
function payloadBytes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (value instanceof Uint8Array) return value.length;
  return Object.values(value).reduce((sum: number, each) => sum + payloadBytes(each), 0);
}
