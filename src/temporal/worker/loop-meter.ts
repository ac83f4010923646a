/** What is known of a worker at a moment. */
export interface Sample {
  /** Activations that were begun and have not completed. */
  inFlight: number;
  /** Activations that have completed so far. */
  completed: number;
  /** CPU time that the process has used so far, ms. */
  cpuMs: number;
}

/**
 * Counts the CPU time that goes by while no activation completes. It counts no wall-clock time: a process that is paused or throttled has as
 * much time for an activation as one that is not. Of one tick it counts no more than a tick, however many threads are busy.
 */
export class LoopMeter {
  private readonly tickMs: number;
  private last: Sample;
  private countedMs = 0;

  constructor(tickMs: number, first: Sample) {
    this.tickMs = tickMs;
    this.last = first;
  }

  /** Takes the sample of a tick. Returns the CPU time since an activation last completed, or since one is in flight, ms. */
  take(sample: Sample): number {
    const { last } = this;
    const isStill = last.inFlight > 0 && sample.inFlight > 0 && sample.completed === last.completed;
    this.countedMs = isStill ? this.countedMs + Math.min(sample.cpuMs - last.cpuMs, this.tickMs) : 0;
    this.last = sample;
    return this.countedMs;
  }
}
