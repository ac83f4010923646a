import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { START_DURATION_MS } from '../../src/simulator/machine.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { planShift, type Step } from '../../src/simulator/shift.ts';

const MACHINES = ['machine-01', 'machine-02', 'machine-03', 'machine-04', 'machine-05'];
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** Number of stopped machines after each step. */
function stoppedCounts(steps: readonly Step[]): number[] {
  const stopped = new Set(MACHINES);
  return steps.map(({ machineId, action }) => {
    if (action === 'stop') stopped.add(machineId);
    else stopped.delete(machineId);
    return stopped.size;
  });
}

describe('a shift with any seed', () => {
  test.prop([seeds])('takes 25 to 30 s', (seed) => {
    const end = planShift(MACHINES, seededRandom(seed)).at(-1)?.atMs ?? 0;
    expect(end).toBeGreaterThanOrEqual(25_000);
    expect(end).toBeLessThanOrEqual(30_000);
  });

  test.prop([seeds])('has a time without stopped machines, then breaks, and ends with all stopped', (seed) => {
    const counts = stoppedCounts(planShift(MACHINES, seededRandom(seed)));
    const firstFull = counts.indexOf(0);
    const lastFull = counts.lastIndexOf(0);
    expect(firstFull).toBe(MACHINES.length - 1);
    expect(counts.slice(firstFull, lastFull).some((count) => count > 0)).toBe(true);
    expect(counts.at(-1)).toBe(MACHINES.length);
  });

  test.prop([seeds])('starts with a pause of some seconds', (seed) => {
    expect(planShift(MACHINES, seededRandom(seed))[0]?.atMs).toBeGreaterThanOrEqual(5_000);
  });

  test.prop([seeds])('is sorted by time, and starts and stops each machine alternately', (seed) => {
    const steps = planShift(MACHINES, seededRandom(seed));
    expect(steps.map((step) => step.atMs)).toEqual(steps.map((step) => step.atMs).sort((a, b) => a - b));
    for (const machineId of MACHINES) {
      const own = steps.filter((step) => step.machineId === machineId);
      expect(own.map((step) => step.action)).toEqual(own.map((_, index) => (index % 2 === 0 ? 'start' : 'stop')));
      for (const [index, step] of own.entries()) {
        const next = own[index + 1];
        if (step.action === 'start' && next) expect(next.atMs - step.atMs).toBeGreaterThan(START_DURATION_MS);
      }
    }
  });

  test.prop([seeds])('is the same for the same seed', (seed) => {
    expect(planShift(MACHINES, seededRandom(seed))).toEqual(planShift(MACHINES, seededRandom(seed)));
  });

  test.prop([seeds])('differs from the next shift', (seed) => {
    const random = seededRandom(seed);
    expect(planShift(MACHINES, random)).not.toEqual(planShift(MACHINES, random));
  });
});
