import type { Log } from '../adapters/log.ts';

/** A part that takes longer to stop is left behind: longer than the worker's shutdown, and the time for which a server may end. */
const PATIENCE_MS = 20_000;

/** What must be stopped, in the order opposite to that in which it was started. One that fails does not keep the others. */
export class Teardown {
  private readonly steps: { name: string; stop: () => unknown }[] = [];
  private running: Promise<void> | null = null;
  private readonly log: Log;

  constructor(log: Log) {
    this.log = log;
  }

  add(name: string, stop: () => unknown): void {
    this.steps.unshift({ name, stop });
  }

  /** Asked again, it is the same stopping. */
  run(): Promise<void> {
    this.running ??= this.stopAll();
    return this.running;
  }

  private async stopAll(): Promise<void> {
    for (const { name, stop } of this.steps) {
      try {
        await within(PATIENCE_MS, stop);
      } catch (error) {
        this.log.warn({ err: error, part: name }, 'could not be stopped in order');
      }
    }
  }
}

async function within(ms: number, work: () => unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it takes longer than ${ms} ms`)), ms);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
