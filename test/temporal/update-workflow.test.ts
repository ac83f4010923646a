import { ServiceError, type Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { updateWorkflow } from '../../src/temporal/client/update-workflow.ts';
import { ACTION_UPDATES } from '../../workflows/messages.ts';

const DROPPED = 9;
const UNAVAILABLE = 14;

/** A Temporal that answers an update with these gRPC errors, and then with `answer`. */
function temporal(codes: number[], answer: unknown) {
  const updateIds: string[] = [];
  const executeUpdate = (_update: unknown, { updateId }: { updateId: string }) => {
    updateIds.push(updateId);
    const code = codes.shift();
    if (code === undefined) return Promise.resolve(answer);
    const cause = Object.assign(new Error('no'), { code, details: 'no', metadata: {} });
    return Promise.reject(new ServiceError('Workflow Update failed', { cause }));
  };
  return { updateIds, client: { workflow: { getHandle: () => ({ executeUpdate }) } } as unknown as Client };
}
const update = (client: Client) =>
  updateWorkflow(client, 'client-01/rules/hot/', ACTION_UPDATES.acknowledge, [{ by: 'ana' }]);

describe('an update of a workflow', () => {
  it('is sent again, as the same update, if Temporal drops it with a failed workflow task', async () => {
    const { client, updateIds } = temporal([DROPPED, DROPPED], 'done');
    expect(await update(client)).toBe('done');
    expect(updateIds).toHaveLength(3);
    expect(new Set(updateIds).size).toBe(1);
  });

  it.each([
    ['if it is dropped again and again', Array.from({ length: 10 }, () => DROPPED), 5],
    ['after another error', [UNAVAILABLE], 1],
  ])('fails %s', async (_when, codes, attempts) => {
    const { client, updateIds } = temporal(codes, 'done');
    await expect(update(client)).rejects.toThrow('Workflow Update failed');
    expect(updateIds).toHaveLength(attempts);
  });
});
