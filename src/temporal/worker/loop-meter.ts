/** A sample of a worker's counters. */
export interface LoopSample {
  /** Activations that have started and not completed. */
  inFlight: number;
  /** Completed activations so far. */
  completed: number;
  /** CPU time of the process so far, ms. */
  cpuMs: number;
}

/**
 * Measures the CPU time during which no activation completes. CPU time, not wall-clock time, so that a paused or
 * throttled process does not count. Counts at most one tick per tick, however many threads are busy.
 */
export class LoopMeter {
  private readonly tickMs: number;
  private last: LoopSample;
  private countedMs = 0;

  constructor(tickMs: number, first: LoopSample) {
    this.tickMs = tickMs;
    this.last = first;
  }

  /**
   * Adds the sample of a tick. Returns the CPU time since the last completed activation, or since one is in flight, ms.
   */
  record(sample: LoopSample): number {
    const { last } = this;
    const isStill = last.inFlight > 0 && sample.inFlight > 0 && sample.completed === last.completed;
    this.countedMs = isStill ? this.countedMs + Math.min(sample.cpuMs - last.cpuMs, this.tickMs) : 0;
    this.last = sample;
    return this.countedMs;
  }
}
