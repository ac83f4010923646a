import type { Client } from '@temporalio/client';

const CHECK_EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 1_500;

/** Polls Temporal every 2 s, because a gRPC client does not notice a server that is gone. */
export function watchTemporal(client: Client, namespace: string): { state: () => 'up' | 'down'; stop: () => void } {
  let up = true;
  const check = async (): Promise<void> => {
    try {
      await client.connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
        client.workflowService.describeNamespace({ namespace }),
      );
      up = true;
    } catch {
      // Any error means down here; the code that needs Temporal reports its own errors.
      up = false;
    }
  };
  const timer = setInterval(() => void check(), CHECK_EVERY_MS);
  return { state: () => (up ? 'up' : 'down'), stop: () => clearInterval(timer) };
}
