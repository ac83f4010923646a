import { overdueFrom } from '../model/overdue.ts';
import type { CompiledStep } from '../compilation/sequence.ts';
import type { PartitionState, RecentEvent, SequenceRun, SequenceState } from '../model/partition-set-state.ts';
import type { ProjectedEvent } from '../model/projected-event.ts';
import { LIMITS, type Reached } from '../primitives/limits.ts';
import type { Value } from '../primitives/value.ts';

/*
 * Events may arrive out of order. An event is late for a partial match if it is older than the last event of the match;
 * events that no match took do not count. What a step must not meet counts in either order of arrival: `unwanted`
 * remembers it for an older event that arrives later.
 */

/** What a sequence knows about its partition: `last` includes the event. */
type Partition = Pick<PartitionState, 'last' | 'alert'>;

/** The set's clock when it takes an event, and when that event arrived. */
interface Clock {
  nowMs: number;
  arrivedAt: number;
}

/** Advances the partial matches by an event. Returns true if it completes a match, which consumes all of them. */
export function playEvent(
  steps: readonly CompiledStep[],
  state: SequenceState,
  event: ProjectedEvent,
  { last, alert }: Partition,
  clock: Clock,
  reached: Reached,
): boolean {
  const newestMs = last?.timeMs ?? event.time;
  // An event that is not the newest changes nothing before the last change of the condition.
  const sinceMs = event.time >= newestMs ? -Infinity : (alert?.changedAt ?? -Infinity);
  release(steps, state, event, sinceMs);
  recordUnwanted(steps, state, event);

  const going: SequenceRun[] = [];
  let complete = false;
  for (const run of state.runs) {
    const next = advance(steps, run, event);
    if (next !== null && next !== run) markOverdue(steps, next, clock);
    if (next?.step === steps.length) complete = true;
    else if (next === run || (next !== null && mayWait(steps, state, next, newestMs))) going.push(next);
  }
  if (startsMatch(steps, state, event, sinceMs)) {
    const first = newRun(steps, event);
    markOverdue(steps, first, clock);
    if (first.step === steps.length) complete = true;
    else if (mayWait(steps, state, first, newestMs)) going.push(first);
  }
  if (complete) going.length = 0;
  if (going.length > LIMITS.partialMatches) {
    going.splice(0, going.length - LIMITS.partialMatches);
    reached('partialMatches');
  }
  state.runs = going;
  return complete;
}

/** Ends a condition that a `not` at the end completed, if the event matches that `not`. */
function release(steps: readonly CompiledStep[], state: SequenceState, event: ProjectedEvent, sinceMs: number): void {
  const last = steps.at(-1);
  if (!state.held || last?.isNot !== true || !last.matches(event.data, state.kept)) return;
  // The condition started when the `not` passed; the last event of its match was before that.
  if (event.time < sinceMs - last.withinMs - last.afterNotsMs) return;
  state.held = false;
  delete state.kept;
}

function recordUnwanted(steps: readonly CompiledStep[], state: SequenceState, event: ProjectedEvent): void {
  const { time, data } = event;
  if (steps.some(({ comparesWithMatch }) => comparesWithMatch)) recordRecent(state, event);
  for (let place = 1; place < steps.length; place++) {
    const { isNot, matches, unless, comparesWithMatch } = steps[place] as CompiledStep;
    if (comparesWithMatch) continue;
    if (!(isNot && matches(data)) && unless?.(data) !== true) continue;
    const unwanted = (state.unwanted ??= []);
    while (unwanted.length <= place) unwanted.push(null);
    unwanted[place] = Math.max(time, unwanted[place] ?? time);
  }
}

/** Keeps the newest events. */
function recordRecent(state: SequenceState, { time, seq, data }: ProjectedEvent): void {
  const recent = (state.recent ??= []);
  let place = recent.length;
  const isAfter = ([timeMs, sequence]: RecentEvent): boolean => timeMs > time || (timeMs === time && sequence > seq);
  while (place > 0 && isAfter(recent[place - 1] as RecentEvent)) place -= 1;
  recent.splice(place, 0, [time, seq, data]);
  if (recent.length > LIMITS.recentEvents) recent.shift();
}

function startsMatch(
  steps: readonly CompiledStep[],
  { runs }: SequenceState,
  event: ProjectedEvent,
  sinceMs: number,
): boolean {
  const { matches } = steps[0] as CompiledStep;
  return matches(event.data) && event.time >= sinceMs && !runs.some((run) => isLate(steps, run, event));
}

function newRun(steps: readonly CompiledStep[], event: ProjectedEvent): SequenceRun {
  const first = steps[0] as CompiledStep;
  const blank: SequenceRun = { step: 0, at: event.time };
  if (first.spanMs < Infinity) blank.from = event.time;
  return takeEvent(first, blank, event);
}

/** Whether a match may wait for its next step: nothing newer that would have ended it has arrived already. */
function mayWait(steps: readonly CompiledStep[], state: SequenceState, run: SequenceRun, newestMs: number): boolean {
  return !(steps[run.step]?.strict === true && newestMs > run.at) && !isBarred(steps, state, run);
}

function isBarred(steps: readonly CompiledStep[], { unwanted, recent = [] }: SequenceState, run: SequenceRun): boolean {
  const { step: place, at, kept } = run;
  const step = steps[place];
  if (step?.comparesWithMatch !== true) return unwanted !== undefined && (unwanted[place] ?? -Infinity) > at;
  const isUnwanted = (data: RecentEvent[2]): boolean =>
    (step.isNot && step.matches(data, kept)) || step.unless?.(data, kept) === true;
  return recent.some(([time, , data]) => time > at && isUnwanted(data));
}

/** Whether the event is older than the last event of the match. */
function isLate(steps: readonly CompiledStep[], { step, at, count }: SequenceRun, { time }: ProjectedEvent): boolean {
  // Without an event of the step itself, `at` may be the deadline of a `not`.
  return time < (count === undefined ? at - (steps[step] as CompiledStep).afterNotsMs : at);
}

/** Returns the match after the event: the same if the event does not concern it, null if the event ends it. */
function advance(steps: readonly CompiledStep[], run: SequenceRun, event: ProjectedEvent): SequenceRun | null {
  if (isLate(steps, run, event)) return run;
  const step = steps[run.step] as CompiledStep;
  const { time, data } = event;
  const inTime = time - run.at <= step.withinMs && time - (run.from ?? run.at) <= step.spanMs;
  // After a `not`, `unless` counts from the deadline of the `not`.
  const isUnless = step.unless !== null && time >= run.at && step.unless(data, run.kept);
  if (step.isNot) return inTime && (isUnless || step.matches(data, run.kept)) ? null : run;
  if (!inTime || isUnless) return null;
  if (step.matches(data, run.kept)) return takeEvent(step, run, event);
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
function markOverdue(steps: readonly CompiledStep[], run: SequenceRun, clock: Clock): void {
  const step = steps[run.step];
  if (step?.isNot !== true) return;
  const from = overdueFrom(run.at + step.withinMs, clock.nowMs, clock);
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
