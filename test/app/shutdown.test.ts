import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Log } from '../../src/observability/log.ts';
import { LEAST_MS, PARTS_WITHIN_MS, Teardown } from '../../src/app/shutdown.ts';

const OWN_MS = 25_000;
const hangs = (): Promise<void> => new Promise(() => undefined);

let teardown: Teardown;
let left: string[];
let stopped: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  [left, stopped] = [[], []];
  const log: Log = { info: () => undefined, warn: ({ part }) => void left.push(String(part)), error: () => undefined };
  teardown = new Teardown(log);
});

afterEach(() => {
  vi.useRealTimers();
});

const add = (...names: string[]): void => names.forEach((name) => teardown.add(name, () => void stopped.push(name)));

/** Milliseconds until all is stopped, or left behind. */
async function duration(): Promise<number> {
  const begun = performance.now();
  const ended = teardown.run().then(() => performance.now());
  await vi.runAllTimersAsync();
  return (await ended) - begun;
}

describe('what is stopped', () => {
  it('is stopped in the order opposite to that of its start, and at once where nothing hangs', async () => {
    add('servers', 'NATS', 'worker');
    expect(await duration()).toBe(0);
    expect(stopped).toEqual(['worker', 'NATS', 'servers']);
  });

  it('shares one time: a part that hangs uses it up, and those after it have a moment each', async () => {
    teardown.add('NATS', hangs);
    add('subscriber');
    teardown.add('worker', hangs);
    expect(await duration()).toBe(PARTS_WITHIN_MS + LEAST_MS);
    expect([left, stopped]).toEqual([['worker', 'NATS'], ['subscriber']]);
  });

  it('has its own time where it needs it, whatever the others took', async () => {
    teardown.add('servers', hangs, OWN_MS);
    teardown.add('worker', hangs);
    expect(await duration()).toBe(PARTS_WITHIN_MS + OWN_MS);
  });
});
