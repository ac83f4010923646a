import { between, pick, type Random } from './random.ts';
import { START_DURATION_MS } from './machine.ts';

export type Action = 'start' | 'stop';

/** One action of a shift; `atMs` is relative to the start of the shift. */
export interface Step {
  atMs: number;
  machineId: string;
  action: Action;
}

type Range = readonly [minMs: number, maxMs: number];

/** Chosen for a shift of 25 to 30 s, so that every alert fires and resolves within a minute. */
const REST: Range = [6_000, 7_500];
const BETWEEN_STARTS: Range = [900, 1_300];
const STEADY_MS = 3_000;
const BREAK: Range = [2_000, 3_000];
const BETWEEN_BREAKS_MS = 1_000;
const MACHINES_ON_BREAK = 2;
const BETWEEN_STOPS: Range = [600, 800];

/**
 * Plans one shift of a client's machines: they start one after another, all run, two of them stop for a break, all run
 * again, then they stop one after another. Starts and ends with all machines stopped. Steps are sorted by time.
 */
export function planShift(machineIds: readonly string[], random: Random): Step[] {
  const steps: Step[] = [];
  let nowMs = between(random, ...REST);
  const eachInTurn = (action: Action, gap: Range): void => {
    for (const [index, machineId] of machineIds.entries()) {
      if (index > 0) nowMs += between(random, ...gap);
      steps.push({ atMs: nowMs, machineId, action });
    }
  };

  eachInTurn('start', BETWEEN_STARTS);
  nowMs += START_DURATION_MS + STEADY_MS;

  let lastBackMs = nowMs;
  for (const [index, machineId] of pick(random, machineIds, MACHINES_ON_BREAK).entries()) {
    const leavesMs = nowMs + index * BETWEEN_BREAKS_MS;
    const returnsMs = leavesMs + between(random, ...BREAK);
    steps.push({ atMs: leavesMs, machineId, action: 'stop' }, { atMs: returnsMs, machineId, action: 'start' });
    lastBackMs = Math.max(lastBackMs, returnsMs);
  }
  nowMs = lastBackMs + START_DURATION_MS + STEADY_MS;

  eachInTurn('stop', BETWEEN_STOPS);
  return steps.sort((a, b) => a.atMs - b.atMs);
}
