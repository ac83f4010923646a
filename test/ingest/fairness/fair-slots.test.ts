import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { FairSlots } from '../../../src/ingest/fairness/fair-slots.ts';

/** Work that ends when the test ends it. */
function workshop(slots: number) {
  const fair = new FairSlots(slots);
  const running: { key: string; end: () => void }[] = [];
  const started: string[] = [];
  return {
    started,
    running: () => running.map(({ key }) => key),
    ask: (key: string): Promise<void> =>
      fair.run(key, () => {
        started.push(key);
        return new Promise<void>((end) => running.push({ key, end }));
      }),
    async finish(key: string): Promise<void> {
      const place = running.findIndex((work) => work.key === key);
      running.splice(place, 1)[0]?.end();
      await new Promise(setImmediate);
    },
    turn: () => new Promise(setImmediate),
  };
}

describe('fair slots', () => {
  it('start work immediately while there are free slots', async () => {
    const { ask, running, turn } = workshop(4);
    void ask('a');
    void ask('b');
    await turn();
    expect(running()).toEqual(['a', 'b']);
  });

  it('leave slots for others, however many one key requests', async () => {
    const { ask, running, turn } = workshop(4);
    for (let n = 0; n < 100; n++) void ask('greedy');
    await turn();
    expect(running()).toEqual(['greedy', 'greedy']);
    void ask('modest');
    await turn();
    expect(running()).toContain('modest');
  });

  it('serve waiting keys round-robin, not in proportion to their requests', async () => {
    const { ask, started, finish, turn } = workshop(1);
    for (let n = 0; n < 5; n++) void ask('greedy');
    await turn();
    void ask('modest');
    void ask('other');
    for (const key of ['greedy', 'modest', 'other', 'greedy']) await finish(key);
    expect(started).toEqual(['greedy', 'modest', 'other', 'greedy', 'greedy']);
  });

  it('are released when work fails', async () => {
    const fair = new FairSlots(1);
    await expect(fair.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await fair.run('a', () => Promise.resolve('yes'))).toBe('yes');
  });

  test.prop([fc.integer({ min: 1, max: 5 }), fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 })])(
    'never run more than there are slots, and run everything in the end',
    async (slots, keys) => {
      const fair = new FairSlots(slots);
      let [running, most] = [0, 0];
      await Promise.all(
        keys.map((key) =>
          fair.run(key, async () => {
            most = Math.max(most, (running += 1));
            await Promise.resolve();
            running -= 1;
          }),
        ),
      );
      expect(most).toBeLessThanOrEqual(slots);
      expect(running).toBe(0);
    },
  );
});
