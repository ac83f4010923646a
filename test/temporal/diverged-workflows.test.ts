import { describe, expect, it } from 'vitest';
import { DivergedWorkflows, type DivergedWorkflow } from '../../src/temporal/worker/diverged-workflows.ts';

const MINUTE_MS = 60_000;
const diverged = (...ids: string[]): DivergedWorkflow[] =>
  ids.map((id) => ({ workflowId: `client-01/rules/${id}/all`, detail: 'No command for HistoryEvent(id: 133, Timer)' }));

function setUp(reset: (workflowId: string, eventId: number) => Promise<number | null>) {
  const lines: [fields: object, text: string][] = [];
  const log = { warn: (fields: object, text: string) => lines.push([fields, text]) };
  const asked: string[] = [];
  const counted: string[] = [];
  const clock = { nowMs: 0 };
  const workflows = new DivergedWorkflows({
    reset: (workflowId, eventId) => {
      asked.push(workflowId);
      return reset(workflowId, eventId);
    },
    resetCounted: (workflowId) => counted.push(workflowId),
    log: log as never,
    nowMs: () => clock.nowMs,
  });
  return { workflows, lines, asked, counted, clock };
}

describe('a workflow whose history cannot be replayed', () => {
  it('is reset to before the event that does not fit, once an hour', async () => {
    const events: number[] = [];
    const { workflows, counted, clock } = setUp((_workflowId, eventId) => {
      events.push(eventId);
      return Promise.resolve(eventId - 3);
    });
    const [{ workflowId } = { workflowId: '' }] = diverged('a');
    expect(await workflows.repair(diverged('a'))).toEqual([workflowId]);
    expect(await workflows.repair(diverged('a'))).toEqual([]);
    clock.nowMs += 61 * MINUTE_MS;
    expect(await workflows.repair(diverged('a'))).toEqual([workflowId]);
    expect(events).toEqual([133, 133]);
    expect(counted).toEqual([workflowId, workflowId]);
  });

  it('is left alone if the message of the SDK names no event', async () => {
    const { workflows, asked } = setUp(() => Promise.resolve(1));
    expect(await workflows.repair([{ workflowId: 'a', detail: 'something else' }])).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('is tried again after a minute if Temporal rejects the reset, with one line for all of them', async () => {
    const { workflows, lines, asked, counted, clock } = setUp(() => Promise.reject(new Error('permission denied')));
    for (let look = 0; look < 5; look += 1) {
      expect(await workflows.repair(diverged('a', 'b', 'c'))).toEqual([]);
      clock.nowMs += 10_000;
    }
    expect(lines).toMatchObject([
      [{ workflows: 3, err: { message: 'permission denied' } }, expect.stringMatching(/will retry/)],
    ]);
    expect(asked).toHaveLength(3);
    clock.nowMs += 10_000;
    await workflows.repair(diverged('a', 'b', 'c'));
    expect(asked).toHaveLength(6);
    expect(counted).toEqual([]);
  });

  it('does not stop the others if its reset fails', async () => {
    const { workflows } = setUp((workflowId) =>
      workflowId.includes('/a/') ? Promise.reject(new Error('no')) : Promise.resolve(1),
    );
    expect(await workflows.repair(diverged('a', 'b'))).toEqual(diverged('b').map(({ workflowId }) => workflowId));
  });
});
