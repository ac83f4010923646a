import type { CompiledStep } from '../../compilation/sequence.ts';
import { reportLimit } from '../../alerts/limit-alert.ts';
import type { Cause } from '../../model/alert/cause.ts';
import type { PartitionState, SequenceRun, SequenceState } from '../../model/partition-set/partition-set-state.ts';
import type { ProjectedEvent } from '../../model/event/projected-event.ts';
import type { PartitionSet } from '../../partition-set/partition-set.ts';
import { LIMITS } from '../../primitives/limits.ts';
import type { Value } from '../../primitives/value.ts';
import { markOverdue } from './pass-nots.ts';
import { isBarred, recordUnwanted } from './unwanted-events.ts';

/*
 * Events may arrive out of order. An event is late for a partial match if it is older than the last event of the match;
 * events that no match took do not count.
 */

/** The partition of a sequence: `last` includes the event. */
export type WithSequence = PartitionState & { sequence: SequenceState };

/** Advances the partial matches by an event. Returns true if it completes a match, which consumes all of them. */
export function playEvent(
  set: PartitionSet,
  partition: WithSequence,
  event: ProjectedEvent,
  arrival: Pick<Cause, 'arrivedAt'>,
): boolean {
  const { steps, unwanted, hasNots } = set.rule;
  const { sequence: state, last } = partition;
  const newestMs = last?.timeMs ?? event.time;
  const isNewest = event.time >= newestMs;
  // An event that is not the newest changes nothing before the last change of the condition.
  const sinceMs = isNewest ? -Infinity : (partition.alert?.changedAt ?? -Infinity);
  if (state.held) release(steps, state, event, sinceMs);
  if (unwanted !== null) recordUnwanted(unwanted, state, event);

  const starts = startsMatch(steps, state, event, sinceMs, isNewest);
  const { runs } = state;
  // Most events change no match: `going` is null as long as all matches stay as they are.
  let going: SequenceRun[] | null = null;
  let complete = false;
  let answered: CompiledStep | undefined;
  let matches = false;
  for (let place = 0; place < runs.length; place++) {
    const run = runs[place] as SequenceRun;
    const step = steps[run.step] as CompiledStep;
    if (step !== answered || step.matchesByMatch) {
      matches = step.matches(event.data, run.kept);
      answered = step;
    }
    const isOutOfOrder = !isNewest && isLate(step, run, event);
    const next = isOutOfOrder ? run : advance(step, run, event, matches);
    if (next === run) {
      going?.push(run);
      continue;
    }
    going ??= runs.slice(0, place);
    if (next === null) continue;
    if (hasNots) markOverdue(steps, next, set.state.now, arrival);
    if (next.step === steps.length) complete = true;
    else if (mayWait(set, state, next, newestMs)) going.push(next);
  }
  if (starts) {
    const first = newRun(steps, event);
    if (hasNots) markOverdue(steps, first, set.state.now, arrival);
    if (first.step === steps.length) complete = true;
    else if (mayWait(set, state, first, newestMs)) (going ??= runs).push(first);
  }
  if (complete) state.runs = [];
  else if (going !== null) state.runs = bounded(set, partition, going);
  return complete;
}

/** Keeps the newest matches. */
function bounded(set: PartitionSet, partition: WithSequence, runs: SequenceRun[]): SequenceRun[] {
  if (runs.length <= LIMITS.partialMatches) return runs;
  reportLimit(set, 'partialMatches', partition);
  return runs.slice(-LIMITS.partialMatches);
}

/** Ends a condition that a `not` at the end completed, if the event matches that `not`. */
function release(steps: readonly CompiledStep[], state: SequenceState, event: ProjectedEvent, sinceMs: number): void {
  const last = steps.at(-1);
  if (last?.isNot !== true || !last.matches(event.data, state.kept)) return;
  // The condition started when the `not` passed; the last event of its match was before that.
  if (event.time < sinceMs - last.withinMs - last.afterNotsMs) return;
  state.held = false;
  delete state.kept;
}

function startsMatch(
  steps: readonly CompiledStep[],
  { runs }: SequenceState,
  event: ProjectedEvent,
  sinceMs: number,
  isNewest: boolean,
): boolean {
  const { matches } = steps[0] as CompiledStep;
  if (!matches(event.data)) return false;
  if (isNewest) return true;
  return event.time >= sinceMs && !runs.some((run) => isLate(steps[run.step] as CompiledStep, run, event));
}

function newRun(steps: readonly CompiledStep[], event: ProjectedEvent): SequenceRun {
  const first = steps[0] as CompiledStep;
  const blank: SequenceRun = { step: 0, at: event.time };
  if (first.spanMs < Infinity) blank.from = event.time;
  return takeEvent(first, blank, event);
}

/** Whether a match may wait for its next step: nothing newer that would have ended it has arrived already. */
function mayWait({ rule }: PartitionSet, state: SequenceState, run: SequenceRun, newestMs: number): boolean {
  if (rule.steps[run.step]?.strict === true && newestMs > run.at) return false;
  return rule.unwanted === null || !isBarred(rule.steps, state, run);
}

/** Whether the event is older than the last event of the match. Never if it is the newest of its partition. */
function isLate({ afterNotsMs }: CompiledStep, { at, count }: SequenceRun, { time }: ProjectedEvent): boolean {
  // Without an event of the step itself, `at` may be the deadline of a `not`.
  return time < (count === undefined ? at - afterNotsMs : at);
}

/**
 * Returns the match after the event: the same if the event does not concern it, null if the event ends it.
 * @param matches whether the event is one of the step, or of its `not`
 */
function advance(step: CompiledStep, run: SequenceRun, event: ProjectedEvent, matches: boolean): SequenceRun | null {
  const { time, data } = event;
  const inTime =
    time - run.at <= step.withinMs && (step.spanMs === Infinity || time - (run.from ?? run.at) <= step.spanMs);
  // After a `not`, `unless` counts from the deadline of the `not`.
  const isUnless = step.unless !== null && time >= run.at && step.unless(data, run.kept);
  if (step.isNot) return inTime && (isUnless || matches) ? null : run;
  if (!inTime || isUnless) return null;
  if (matches) return takeEvent(step, run, event);
  return step.strict ? null : run;
}

function takeEvent({ times, keeps }: CompiledStep, run: SequenceRun, { time, data }: ProjectedEvent): SequenceRun {
  const count = (run.count ?? 0) + 1;
  const next: SequenceRun = { step: count < times ? run.step : run.step + 1, at: time };
  if (count < times) next.count = count;
  if (run.from !== undefined) next.from = run.from;
  if (run.kept !== undefined) next.kept = run.kept;
  if (keeps.length > 0) next.kept = withValues(next.kept ?? [], keeps, data);
  return next;
}

function withValues(known: Value[], keeps: CompiledStep['keeps'], data: ProjectedEvent['data']): Value[] {
  const kept = [...known];
  for (const { place, read } of keeps) {
    while (kept.length <= place) kept.push(null);
    kept[place] = (read(data) as Value | undefined) ?? null;
  }
  return kept;
}
