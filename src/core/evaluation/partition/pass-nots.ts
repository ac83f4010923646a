import type { CompiledStep } from '../../compilation/sequence.ts';
import type { Cause } from '../../model/alert/cause.ts';
import { overdueFrom } from '../../model/alert/overdue.ts';
import type { SequenceRun, SequenceState } from '../../model/partition-set/partition-set-state.ts';
import { isBarred } from './unwanted-events.ts';

/* A `not` passes with time. Only for sequences that have one: nothing else in a sequence happens without an event. */

/** Passes the `not` steps whose time has elapsed by `nowMs`. Returns true if that completes a match. */
export function playTime(steps: readonly CompiledStep[], state: SequenceState, nowMs: number): boolean {
  const runs = state.runs.flatMap((run) => passNots(steps, state, run, nowMs) ?? []);
  const complete = runs.find(({ step }) => step === steps.length);
  state.runs = complete === undefined ? runs : [];
  if (complete?.kept !== undefined && !state.held) state.kept = complete.kept;
  state.held ||= complete !== undefined;
  return complete !== undefined;
}

function passNots(
  steps: readonly CompiledStep[],
  state: SequenceState,
  run: SequenceRun,
  nowMs: number,
): SequenceRun | null {
  const step = steps[run.step];
  if (step?.isNot !== true || endOfNot(step, run) > nowMs) return run;
  const passed: SequenceRun = { ...run, step: run.step + 1, at: run.at + step.withinMs };
  return isBarred(steps, state, passed) ? null : passNots(steps, state, passed, nowMs);
}

/** The match begins to wait for a `not`: its time may have passed before the event arrived. */
export function markOverdue(
  steps: readonly CompiledStep[],
  run: SequenceRun,
  nowMs: number,
  arrival: Pick<Cause, 'arrivedAt'>,
): void {
  const step = steps[run.step];
  if (step?.isNot !== true) return;
  const from = overdueFrom(run.at + step.withinMs, nowMs, arrival);
  if (from !== undefined) run.overdueUntil = from;
}

/** When the clock lets a `not` pass. */
const endOfNot = ({ withinMs }: CompiledStep, { at, overdueUntil = -Infinity }: SequenceRun): number =>
  Math.max(at + withinMs, overdueUntil);

/** The next time at which a `not` step passes, or Infinity. */
export function sequenceMoment(steps: readonly CompiledStep[], { runs }: SequenceState): number {
  let moment = Infinity;
  for (const run of runs) {
    const next = steps[run.step] as CompiledStep;
    if (next.isNot) moment = Math.min(moment, endOfNot(next, run));
  }
  return moment;
}
