import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { vi } from 'vitest';
import type { PartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';

const { EventType } = proto.temporal.api.enums.v1;
const PATIENT = { timeout: 60_000, interval: 10 };

/**
 * Signals and updates a set only when it does nothing. The time-skipping test server starts the next run when a run continues as
 * new, and only then refuses that because of a message that came in between: two runs are open, one of them with a workflow
 * task that never ends, and time is never skipped again.
 */
export function whenIdle(sets: PartitionSetsClient, client: Client): PartitionSetsClient {
  const idle = (setId: string) => vi.waitUntil(() => isIdle(client, setId), PATIENT);
  return {
    ...sets,
    async sendEvents(place, rule, batch) {
      await idle(place.setId);
      await sets.sendEvents(place, rule, batch);
    },
    async sendRule(place, rule) {
      await idle(place.setId);
      await sets.sendRule(place, rule);
    },
    async changeRule(setId, rule) {
      await idle(setId);
      await sets.changeRule(setId, rule);
    },
    async sendRecovery(setId, message) {
      await idle(setId);
      await sets.sendRecovery(setId, message);
    },
    async act(setId, action, input) {
      await idle(setId);
      return sets.act(setId, action, input);
    },
    async reset(setId, by) {
      await idle(setId);
      await sets.reset(setId, by);
    },
    async end(setId, end) {
      await idle(setId);
      await sets.end(setId, end);
    },
  };
}

/** Its newest run waits for nothing but a timer, a signal, or the next attempt of an activity. */
async function isIdle({ workflow }: Client, setId: string): Promise<boolean> {
  try {
    const handle = workflow.getHandle(setId);
    const { raw } = await handle.describe();
    if (raw.pendingActivities?.some(({ attempt }) => (attempt ?? 1) <= 1)) return false;
    const { events } = await handle.fetchHistory();
    const types = events?.map(({ eventType }) => eventType) ?? [];
    const lastOf = (type: proto.temporal.api.enums.v1.EventType): number => types.lastIndexOf(type);
    return lastOf(EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED) > lastOf(EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return true;
    throw error;
  }
}
