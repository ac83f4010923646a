import type { SequenceStep } from '../../src/core/model/rule-schema.ts';
import { satisfies } from './compare.ts';
import type { Arrival, Instant } from './model.ts';
import { ms } from './ms.ts';

const PARTIAL_MATCHES = 16;

export interface Partial {
  /** How many steps are done. */
  done: number;
  /** When the last of them was. */
  at: number;
}

export interface SequenceMemory {
  /** The oldest first. */
  partials: Partial[];
  /** A `not` has completed a match, and nothing has matched it since. */
  held: boolean;
}

/**
 * "Sequences" of docs/semantics.md: whether the condition holds after this instant. An event completes it for that instant
 * alone. `life` is all events of the partition.
 */
export function completes(
  steps: SequenceStep[],
  memory: SequenceMemory,
  { clock, end }: Instant,
  arrival: Arrival | undefined,
  life: readonly Arrival[],
): boolean {
  if (end || arrival === undefined) return passNots(steps, memory, clock);
  const older = life.some((other) => other !== arrival && other.time > arrival.time);
  return older ? memory.held : takeEvent(steps, memory, arrival);
}

function takeEvent(steps: SequenceStep[], memory: SequenceMemory, { data, time }: Arrival): boolean {
  const last = steps.at(-1);
  if (last !== undefined && 'not' in last && matches(last, data)) memory.held = false;

  memory.partials = memory.partials.flatMap((partial) => {
    const step = steps[partial.done];
    if (step === undefined || !matches(step, data)) return [partial];
    const inTime = step.within === undefined || time - partial.at <= ms(step.within);
    if (!inTime) return [partial];
    return 'not' in step ? [] : [{ done: partial.done + 1, at: time }];
  });
  const [first] = steps;
  if (first !== undefined && 'where' in first && matches(first, data)) {
    memory.partials = [...memory.partials, { done: 1, at: time }].slice(-PARTIAL_MATCHES);
  }
  return useUp(steps, memory) || memory.held;
}

function passNots(steps: SequenceStep[], memory: SequenceMemory, clock: number): boolean {
  // One `not` may follow another, and both may be over.
  while (memory.partials.some((partial) => endOfNot(steps, partial) <= clock)) {
    memory.partials = memory.partials.map((partial) => {
      const at = endOfNot(steps, partial);
      return at <= clock ? { done: partial.done + 1, at } : partial;
    });
  }
  if (useUp(steps, memory)) memory.held = true;
  return memory.held;
}

/** When the `not` that a partial match waits for is passed. */
function endOfNot(steps: SequenceStep[], { done, at }: Partial): number {
  const step = steps[done];
  return step !== undefined && 'not' in step ? at + ms(step.within) : Infinity;
}

/** A match uses up all partial matches of its partition. */
function useUp(steps: SequenceStep[], memory: SequenceMemory): boolean {
  if (memory.partials.every(({ done }) => done < steps.length)) return false;
  memory.partials = [];
  return true;
}

function matches(step: SequenceStep, data: Record<string, unknown>): boolean {
  const where = 'not' in step ? step.not.where : step.where;
  return where.every((predicate) => satisfies(predicate, data));
}
