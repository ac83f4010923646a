import type { Log } from '../observability/log.ts';

/** For all parts together; longer than the worker's shutdown. Another process redoes work that is cut off. */
export const PARTS_WITHIN_MS = 10_000;
/** For each part that is stopped later: enough to close a connection that answers. */
export const LEAST_MS = 500;

interface Step {
  name: string;
  stop: () => unknown;
  /** Time limit; null: the rest of the time for all parts. */
  withinMs: number | null;
}

/** Stops parts in the reverse order of their start. A part that fails does not prevent the others from stopping. */
export class Shutdown {
  private readonly steps: Step[] = [];
  private running: Promise<void> | null = null;
  private readonly log: Log;

  constructor(log: Log) {
    this.log = log;
  }

  /**
   * @param withinMs time limit of its own, independent of the other parts; afterwards the shutdown goes on without it
   */
  add(name: string, stop: () => unknown, withinMs: number | null = null): void {
    this.steps.unshift({ name, stop, withinMs });
  }

  /** Idempotent: later calls return the same promise. */
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
        this.log.warn({ err: error, part: name }, 'shutdown of a part failed');
      }
    }
  }
}

async function within(ms: number, work: () => unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`timed out after ${Math.round(ms)} ms`)), ms);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
