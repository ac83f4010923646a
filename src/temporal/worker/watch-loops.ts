import type { Worker } from '@temporalio/worker';
import { VigilError } from '../../core/primitives/errors.ts';
import { LoopMeter, type LoopSample } from './loop-meter.ts';

const TICK_MS = 1_000;

export interface LoopWatch {
  /** Rejects if a workflow loops; never resolves. */
  found: Promise<never>;
  stop(): void;
}

/**
 * Detects a workflow that never yields the worker's thread. Counts completed activations in the main thread, from the
 * SDK's number of activations in flight, so that it adds no work to activations.
 *
 * @throws VigilError WORKFLOW_LOOPS, as rejection of `found`
 */
export function watchLoops(worker: Pick<Worker, 'numInFlightActivations$'>, limitMs: number): LoopWatch {
  let [inFlight, completed] = [0, 0];
  const subscription = worker.numInFlightActivations$.subscribe((now) => {
    if (now < inFlight) completed += 1;
    inFlight = now;
  });
  const sample = (): LoopSample => ({ inFlight, completed, cpuMs: cpuMs() });
  const meter = new LoopMeter(TICK_MS, sample());
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearInterval(timer);
    subscription.unsubscribe();
  };
  const found = new Promise<never>((_resolve, reject) => {
    timer = setInterval(() => {
      const countedMs = meter.record(sample());
      if (countedMs < limitMs) return;
      stop();
      reject(loops(countedMs));
    }, TICK_MS);
  });
  return { found, stop };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function loops(countedMs: number): VigilError {
  const seconds = Math.round(countedMs / 1_000);
  const advice = `No activation completed in ${seconds} s of CPU time. See docs/operations.md for how to find and fix the workflow.`;
  return new VigilError('WORKFLOW_LOOPS', advice, { cpuSeconds: seconds });
}
