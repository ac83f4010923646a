import { parseDuration } from '../primitives/duration.ts';
import { LIMITS, type Reached } from '../primitives/limits.ts';
import { compilePredicate, type DataTest } from './predicate.ts';
import type { SequenceStep } from '../model/rule-schema.ts';
import type { ProjectedEvent } from '../model/projected-event.ts';
import type { SequenceState, SequenceRun } from '../model/partition-set-state.ts';

export interface CompiledStep {
  matches: DataTest;
  /** Passes with time if no event matches. */
  isNot: boolean;
  withinMs: number;
}

export function compileSteps(steps: readonly SequenceStep[]): CompiledStep[] {
  return steps.map((step) => {
    const where = 'not' in step ? step.not.where : step.where;
    return {
      matches: compilePredicate({ all: where }),
      isNot: 'not' in step,
      withinMs: step.within === undefined ? Infinity : (parseDuration(step.within) ?? Infinity),
    };
  });
}

/** Advances the partial matches by an event. Returns true if it completes a match, which consumes all of them. */
export function playEvent(
  steps: readonly CompiledStep[],
  state: SequenceState,
  event: ProjectedEvent,
  reached: Reached,
): boolean {
  const last = steps.at(-1);
  if (state.held && last?.isNot === true && last.matches(event.data)) state.held = false;
  const going: SequenceRun[] = [];
  let complete = false;
  for (const run of state.runs) {
    const step = steps[run.step] as CompiledStep;
    const matched = step.matches(event.data);
    if (step.isNot) {
      // Only an event within the time limit ends the partial match.
      if (!matched || event.time - run.at > step.withinMs) going.push(run);
    } else if (event.time - run.at > step.withinMs) continue;
    else if (!matched) going.push(run);
    else if (run.step + 1 === steps.length) complete = true;
    else going.push({ step: run.step + 1, at: event.time });
  }
  const first = steps[0] as CompiledStep;
  if (first.matches(event.data)) {
    if (steps.length === 1) complete = true;
    else going.push({ step: 1, at: event.time });
  }
  if (complete) going.length = 0;
  if (going.length > LIMITS.partialMatches) {
    going.splice(0, going.length - LIMITS.partialMatches);
    reached('partialMatches');
  }
  state.runs = going;
  return complete;
}

/** Passes the `not` steps whose time has elapsed by `nowMs`. Returns true if that completes a match. */
export function playTime(steps: readonly CompiledStep[], state: SequenceState, nowMs: number): boolean {
  const runs = state.runs.map((run) => passNots(steps, run, nowMs));
  const complete = runs.some(({ step }) => step === steps.length);
  state.runs = complete ? [] : runs;
  state.held ||= complete;
  return complete;
}

function passNots(steps: readonly CompiledStep[], { step, at }: SequenceRun, nowMs: number): SequenceRun {
  const next = steps[step];
  if (next?.isNot !== true || at + next.withinMs > nowMs) return { step, at };
  return passNots(steps, { step: step + 1, at: at + next.withinMs }, nowMs);
}

/** The next time at which a `not` step passes, or Infinity. */
export function sequenceMoment(steps: readonly CompiledStep[], { runs }: SequenceState): number {
  let moment = Infinity;
  for (const { step, at } of runs) {
    const next = steps[step] as CompiledStep;
    if (next.isNot) moment = Math.min(moment, at + next.withinMs);
  }
  return moment;
}
