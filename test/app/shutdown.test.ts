import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Log } from '../../src/observability/log.ts';
import { LEAST_MS, PARTS_WITHIN_MS, Shutdown } from '../../src/app/shutdown.ts';

const OWN_MS = 25_000;
const hangs = (): Promise<void> => new Promise(() => undefined);

let shutdown: Shutdown;
let left: string[];
let stopped: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  [left, stopped] = [[], []];
  const log: Log = { info: () => undefined, warn: ({ part }) => void left.push(String(part)), error: () => undefined };
  shutdown = new Shutdown(log);
});

afterEach(() => {
  vi.useRealTimers();
});

const add = (...names: string[]): void => names.forEach((name) => shutdown.add(name, () => void stopped.push(name)));

/** Milliseconds until the shutdown is done. */
async function duration(): Promise<number> {
  const begun = performance.now();
  const ended = shutdown.run().then(() => performance.now());
  await vi.runAllTimersAsync();
  return (await ended) - begun;
}

describe('the shutdown', () => {
  it('stops parts in reverse order, immediately if none hangs', async () => {
    add('servers', 'NATS', 'worker');
    expect(await duration()).toBe(0);
    expect(stopped).toEqual(['worker', 'NATS', 'servers']);
  });

  it('has one time limit: a part that hangs uses it up, and later parts get a minimum each', async () => {
    shutdown.add('NATS', hangs);
    add('subscriber');
    shutdown.add('worker', hangs);
    expect(await duration()).toBe(PARTS_WITHIN_MS + LEAST_MS);
    expect([left, stopped]).toEqual([['worker', 'NATS'], ['subscriber']]);
  });

  it('gives a part with its own time limit that time, independent of the others', async () => {
    shutdown.add('servers', hangs, OWN_MS);
    shutdown.add('worker', hangs);
    expect(await duration()).toBe(PARTS_WITHIN_MS + OWN_MS);
  });
});
