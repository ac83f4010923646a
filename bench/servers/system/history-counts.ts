import type { Client } from '@temporalio/client';

/** What histories consist of. */
export interface EventCounts {
  events: number;
  /** Completed workflow tasks. */
  tasks: number;
  /** Activities that Temporal has scheduled: local ones are not among them. */
  activities: number;
  /** Upserts of search attributes: each is written to the visibility store. */
  upserts: number;
}

/** Counts the events in the newest runs of these workflows, all together. */
export async function countEvents(client: Client, workflowIds: readonly string[]): Promise<EventCounts> {
  const counts: EventCounts = { events: 0, tasks: 0, activities: 0, upserts: 0 };
  for (const workflowId of workflowIds) {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    for (const event of events ?? []) {
      counts.events += 1;
      if (event.workflowTaskCompletedEventAttributes) counts.tasks += 1;
      if (event.activityTaskScheduledEventAttributes) counts.activities += 1;
      if (event.upsertWorkflowSearchAttributesEventAttributes) counts.upserts += 1;
    }
  }
  return counts;
}
