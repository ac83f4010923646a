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
  it('is reset to before the event that does not fit', async () => {
    const events: number[] = [];
    const { workflows, counted } = setUp((_workflowId, eventId) => {
      events.push(eventId);
      return Promise.resolve(eventId - 3);
    });
    const [{ workflowId } = { workflowId: '' }] = diverged('a');
    expect(await workflows.repair(diverged('a'))).toEqual([workflowId]);
    expect(events).toEqual([133]);
    expect(counted).toEqual([workflowId]);
  });

  it('is reset again if that happens again, less and less often, and four times an hour', async () => {
    const { workflows, counted, clock } = setUp(() => Promise.resolve(1));
    const resetAt: number[] = [];
    for (; clock.nowMs <= 120 * MINUTE_MS; clock.nowMs += 5_000)
      if ((await workflows.repair(diverged('a'))).length > 0) resetAt.push(clock.nowMs / 1_000);
    const [first, second, third, fourth, ...later] = resetAt;
    expect([first, second, third, fourth]).toEqual([0, 10, 70, 670]);
    // Each may come again once it is an hour old, and no sooner.
    expect(later.every((seconds, index) => seconds - (resetAt[index] ?? 0) > 3_600)).toBe(true);
    expect(later.length).toBeGreaterThan(0);
    expect(counted).toHaveLength(resetAt.length);
  });

  it('is left alone once the process has reset 100 times in an hour', async () => {
    const { workflows, clock } = setUp(() => Promise.resolve(1));
    const many = Array.from({ length: 60 }, (_, index) => `w${index}`);
    expect(await workflows.repair(diverged(...many))).toHaveLength(60);
    clock.nowMs += 10_000;
    expect(await workflows.repair(diverged(...many))).toHaveLength(40);
    clock.nowMs += MINUTE_MS;
    expect(await workflows.repair(diverged(...many))).toEqual([]);
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
