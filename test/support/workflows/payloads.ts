import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { historyEvents } from '../../../src/temporal/client/history-events.ts';

/** Payload size of a history event. */
export interface Carried {
  workflowId: string;
  event: string;
  /** Bytes of all its payloads. */
  bytes: number;
}

/** The history events of all runs that match a query, largest payload first. */
export async function largestEvents(temporal: Client, query: string): Promise<Carried[]> {
  const found: Carried[] = [];
  for await (const { workflowId, runId } of temporal.workflow.list({ query })) {
    for await (const event of historyEvents(temporal, { workflowId, runId })) {
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
  for await (const event of historyEvents(client, execution)) events.push(event);
  return { events };
}

/** Payloads are messages with `data`, at any depth. */
function payloadBytes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (value instanceof Uint8Array) return value.length;
  return Object.values(value).reduce((sum: number, each) => sum + payloadBytes(each), 0);
}
