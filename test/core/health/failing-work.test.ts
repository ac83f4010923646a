import { describe, expect, it } from 'vitest';
import { FailingWork } from '../../../src/core/health/failing-work.ts';

describe('retried work', () => {
  it('is failing from its first failed attempt until it succeeds', () => {
    const work = new FailingWork();
    expect(work.summary(0)).toBeNull();
    work.failed('a', 'no room', 1_000);
    work.failed('b', 'no room', 2_000);
    work.failed('a', 'no answer', 3_000);
    expect(work.summary(3_000)).toEqual({ count: 2, sinceMs: 1_000, detail: 'no answer' });
    work.succeeded('a');
    expect(work.summary(3_000)).toMatchObject({ count: 1, sinceMs: 2_000 });
    work.succeeded('b');
    expect(work.summary(3_000)).toBeNull();
  });

  it('no longer counts as failing after two minutes without an attempt', () => {
    const work = new FailingWork();
    work.failed('a', 'no room', 0);
    expect(work.summary(120_000)).toMatchObject({ count: 1 });
    expect(work.summary(120_001)).toBeNull();
  });

  it('is logged once a minute, however much fails', () => {
    const work = new FailingWork();
    const lines = [0, 1, 59_999, 60_000, 60_001].map((nowMs) => work.failed(`work ${nowMs}`, 'no room', nowMs));
    expect(lines).toEqual([true, false, false, true, false]);
  });

  it('is tracked in bounded memory, however much fails', () => {
    const work = new FailingWork();
    for (let n = 0; n < 5_000; n += 1) work.failed(`work ${n}`, 'no room', 0);
    expect(work.summary(0)?.count).toBe(1_000);
  });
});
