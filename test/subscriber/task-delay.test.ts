import { describe, expect, it } from 'vitest';
import { TaskDelay } from '../../src/subscriber/task-delay.ts';

/** Answers that took so long, one a second, the last at `lastMs`. */
function delayAfter(took: readonly number[], lastMs = 0): TaskDelay {
  const delay = new TaskDelay();
  took.forEach((tookMs, index) => delay.answered(lastMs - (took.length - 1 - index) * 1_000, tookMs));
  return delay;
}

describe('how long a workflow waits for its turn', () => {
  it.each([
    { took: [], ms: 0, why: 'nobody was asked' },
    { took: [700], ms: 700, why: 'one answer is all that is known' },
    { took: [10, 20, 30, 20_000, 20_000], ms: 30, why: 'one set that hangs is not all of them' },
    { took: [9_000, 9_000, 9_000, 10, 20, 30, 40, 50], ms: 30, why: 'the newest five count' },
  ])('is $ms ms after answers of $took: $why', ({ took, ms }) => {
    expect(delayAfter(took).ms(0)).toBe(ms);
  });

  it('is forgotten after 10 seconds', () => {
    const delay = delayAfter([3_000]);
    expect([delay.ms(9_999), delay.ms(10_000)]).toEqual([3_000, 0]);
  });

  it('is asked after with every twentieth signal, unless a question is still open', async () => {
    const delay = new TaskDelay();
    const asked = (): number[] => Array.from({ length: 45 }, (_, index) => index + 1).filter(() => delay.isToBeAsked());
    for (let n = 1; n < 20; n++) expect(delay.isToBeAsked()).toBe(false);
    expect(delay.isToBeAsked()).toBe(true);
    let answer = (): void => undefined;
    const asking = delay.measure(() => new Promise<void>((resolve) => (answer = resolve)));
    expect(asked()).toEqual([]);
    answer();
    await asking;
    expect(delay.isToBeAsked()).toBe(true);
  });

  it('says nothing where the question failed, and may be asked again', async () => {
    const delay = new TaskDelay();
    await expect(delay.measure(() => Promise.reject(new Error('no worker')))).rejects.toThrow('no worker');
    for (let n = 1; n < 20; n++) delay.isToBeAsked();
    expect([delay.ms(performance.now()), delay.isToBeAsked()]).toEqual([0, true]);
  });
});
