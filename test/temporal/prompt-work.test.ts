import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it } from 'vitest';
import { PromptWork } from '../../activities/prompt-work.ts';

const PAUSE_MS = 5_000;

/** Work of local activities by a clock that the test moves. */
function bench() {
  const clock = { nowMs: 0 };
  const prompt = new PromptWork(() => clock.nowMs);
  let runs = 0;
  const attempt = async (work: () => Promise<void>, isOutOfTime = false): Promise<void> => {
    const environment = new MockActivityEnvironment();
    const done = environment.run(() =>
      prompt.run(() => {
        runs += 1;
        return work();
      }),
    );
    if (isOutOfTime) environment.cancel('TIMED_OUT');
    await done;
  };
  return { clock, attempt, runs: () => runs };
}

const never = (): Promise<void> => new Promise(() => undefined);
const fine = (): Promise<void> => Promise.resolve();

it('is not tried right after work that did not end in time', async () => {
  const { clock, attempt, runs } = bench();
  await expect(attempt(never, true)).rejects.toBeInstanceOf(CancelledFailure);
  clock.nowMs = PAUSE_MS - 1;
  await expect(attempt(fine)).rejects.toMatchObject({ type: 'NOT_PROMPT', nonRetryable: true });
  expect(runs()).toBe(1);
  clock.nowMs = PAUSE_MS;
  await attempt(fine);
  expect(runs()).toBe(2);
});

it('is tried again after work that failed at once: that keeps no task waiting', async () => {
  const { attempt, runs } = bench();
  await expect(attempt(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  await attempt(fine);
  expect(runs()).toBe(2);
});
