import { describe, expect, it } from 'vitest';
import { Waiters } from '../../src/ingest/waiters.ts';

describe('waiters', () => {
  it('are all woken at once, and removed', async () => {
    const waiters = new Waiters();
    const waiting = Promise.all([waiters.wait(), waiters.wait()]);
    expect(waiters.size).toBe(2);
    waiters.wake();
    await waiting;
    expect(waiters.size).toBe(0);
  });

  it('are woken once each, when their own threshold is reached', async () => {
    const waiters = new Waiters();
    const woken: number[] = [];
    const waiting = [7, 3, 5].map((at) => waiters.wait(undefined, at).then(() => woken.push(at)));
    for (const reached of [2, 4, 6]) {
      waiters.wake(reached);
      await Promise.resolve();
    }
    expect(woken).toEqual([3, 5]);
    waiters.wake(7);
    await Promise.all(waiting);
    expect(woken).toEqual([3, 5, 7]);
  });

  it('are removed and reject with the reason when their signal aborts, while the others keep waiting', async () => {
    const waiters = new Waiters();
    const [leaving, reason] = [new AbortController(), new Error('nobody waits for it')];
    const left = expect(waiters.wait(leaving.signal, 1)).rejects.toBe(reason);
    const other = waiters.wait(new AbortController().signal, 2);
    leaving.abort(reason);
    await left;
    expect(waiters.size).toBe(1);
    waiters.wake(2);
    await other;
    await expect(waiters.wait(leaving.signal)).rejects.toBe(reason);
    expect(waiters.size).toBe(0);
  });
});
