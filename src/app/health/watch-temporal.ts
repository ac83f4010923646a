import type { Client } from '@temporalio/client';

const CHECK_EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 1_500;

/** Knows whether Temporal answered lately. Nothing tells of a gRPC server that is gone, so it is asked now and then. */
export function watchTemporal(client: Client, namespace: string): { state: () => 'up' | 'down'; stop: () => void } {
  let up = true;
  const check = async (): Promise<void> => {
    try {
      await client.connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
        client.workflowService.describeNamespace({ namespace }),
      );
      up = true;
    } catch {
      // Any failure to answer means the same here; what fails for it says so itself.
      up = false;
    }
  };
  const timer = setInterval(() => void check(), CHECK_EVERY_MS);
  return { state: () => (up ? 'up' : 'down'), stop: () => clearInterval(timer) };
}
