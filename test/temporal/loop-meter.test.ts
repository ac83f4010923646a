import { describe, expect, it } from 'vitest';
import { LoopMeter, type LoopSample } from '../../src/temporal/worker/loop-meter.ts';

const TICK_MS = 1_000;
const LIMIT_MS = 60_000;
const TICKS = 3_600;

/** The behaviour of a worker in a tick. */
type Behaviour = (tick: number) => { inFlight: number; completes: number; cpuMs: number };

/** Ticks until the limit is reached; null if never. */
function ticksUntilLooping(behaviour: Behaviour): number | null {
  let sample: LoopSample = { inFlight: 1, completed: 0, cpuMs: 0 };
  const meter = new LoopMeter(TICK_MS, sample);
  for (let tick = 1; tick <= TICKS; tick += 1) {
    const { inFlight, completes, cpuMs } = behaviour(tick);
    sample = { inFlight, completed: sample.completed + completes, cpuMs: sample.cpuMs + cpuMs };
    if (meter.record(sample) >= LIMIT_MS) return tick;
  }
  return null;
}

describe('the CPU time without a completed activation', () => {
  it.each<[string, Behaviour, number | null]>([
    ['looping', () => ({ inFlight: 8, completes: 0, cpuMs: 1_000 }), 60],
    ['looping in a container with a tenth of a core', () => ({ inFlight: 8, completes: 0, cpuMs: 100 }), 600],
    ['looping while other threads are busy, too', () => ({ inFlight: 8, completes: 0, cpuMs: 2_000 }), 60],
    [
      'paused: an hour of ticks that never come is one tick',
      (tick) => ({ inFlight: 8, completes: 0, cpuMs: tick === 1 ? 20 : 0 }),
      null,
    ],
    [
      'busy: an activation completes now and then',
      (tick) => ({ inFlight: 8, completes: tick % 50 === 0 ? 1 : 0, cpuMs: 1_000 }),
      null,
    ],
    [
      'throttled: each activation takes 30 s of the clock',
      (tick) => ({ inFlight: 8, completes: tick % 30 === 0 ? 1 : 0, cpuMs: 100 }),
      null,
    ],
    ['idle while the rest of the process is busy', () => ({ inFlight: 0, completes: 0, cpuMs: 1_000 }), null],
    ['looping after it was busy', (tick) => ({ inFlight: 8, completes: tick <= 100 ? 5 : 0, cpuMs: 1_000 }), 160],
  ])('%s', (_name, behaviour, expected) => {
    expect(ticksUntilLooping(behaviour)).toBe(expected);
  });
});
