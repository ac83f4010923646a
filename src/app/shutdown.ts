import type { Log } from '../observability/log.ts';

/** For all parts together: longer than the worker's shutdown. What is not done by then, others do again. */
export const PARTS_WITHIN_MS = 10_000;
/** For each part that is stopped after that time: enough to close a connection that answers. */
export const LEAST_MS = 500;

interface Step {
  name: string;
  stop: () => unknown;
  /** How long it may take; else what is left of the time for all. */
  withinMs: number | null;
}

/** What must be stopped, in the order opposite to that in which it was started. One that fails does not keep the others. */
export class Teardown {
  private readonly steps: Step[] = [];
  private running: Promise<void> | null = null;
  private readonly log: Log;

  constructor(log: Log) {
    this.log = log;
  }

  /** @param withinMs for what must have its time, whatever the others took; it is left behind when that is over */
  add(name: string, stop: () => unknown, withinMs: number | null = null): void {
    this.steps.unshift({ name, stop, withinMs });
  }

  /** Asked again, it is the same stopping. */
  run(): Promise<void> {
    this.running ??= this.stopAll();
    return this.running;
  }

  private async stopAll(): Promise<void> {
    const untilMs = performance.now() + PARTS_WITHIN_MS;
    for (const { name, stop, withinMs } of this.steps) {
      try {
        await within(withinMs ?? Math.max(LEAST_MS, untilMs - performance.now()), stop);
      } catch (error) {
        this.log.warn({ err: error, part: name }, 'could not be stopped in order');
      }
    }
  }
}

async function within(ms: number, work: () => unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it takes longer than ${Math.round(ms)} ms`)), ms);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
