import { describe, expect, it } from 'vitest';
import { SharedQuestion } from '../../../src/ingest/watermark/shared-question.ts';

/** A question that the test answers; the answer is how often it was asked. */
function setUp() {
  const open: { answer: () => void; refuse: (error: Error) => void }[] = [];
  const put: number[] = [];
  const question = new SharedQuestion(() => {
    const number = put.push(open.length);
    return new Promise<number>((resolve, reject) => open.push({ answer: () => resolve(number), refuse: reject }));
  });
  return {
    question,
    asked: () => put.length,
    answer: () => open.shift()?.answer(),
    refuse: (error: Error) => open.shift()?.refuse(error),
    open,
  };
}

describe('a shared question', () => {
  it('is asked once more for all callers that arrive while it is open, after its answer', async () => {
    const { question, asked, answer, open } = setUp();
    const first = question.ask();
    const later = [question.ask(), question.ask(), question.ask()];
    expect(asked()).toBe(1);
    answer();
    expect(await first).toBe(1);
    await expect.poll(asked).toBe(2);
    expect(open).toHaveLength(1);
    const last = question.ask();
    answer();
    expect(await Promise.all(later)).toEqual([2, 2, 2]);
    await expect.poll(asked).toBe(3);
    answer();
    expect(await last).toBe(3);
  });

  it('is never open twice, even for callers in the turn of an answer', async () => {
    const { question, answer, open } = setUp();
    const answers: number[] = [];
    const ask = (times: number): void => {
      if (times > 0)
        void question.ask().then((number) => {
          answers.push(number);
          ask(times - 1);
        });
    };
    for (let asker = 0; asker < 3; asker++) ask(10);
    for (let turn = 0; answers.length < 30; turn++) {
      expect(turn).toBeLessThan(100);
      expect(open.length).toBeLessThanOrEqual(1);
      answer();
      await new Promise(setImmediate);
    }
  });

  it('rejects for its own callers if it fails, and the next is asked anyway', async () => {
    const { question, answer, refuse } = setUp();
    const failing = expect(question.ask()).rejects.toThrow('away');
    const next = question.ask();
    refuse(new Error('away'));
    await failing;
    answer();
    expect(await next).toBe(2);
  });
});
