import type { Log } from '../adapters/log.ts';

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
        await stop();
      } catch (error) {
        this.log.warn({ err: error, part: name }, 'could not be stopped in order');
      }
    }
  }
}
