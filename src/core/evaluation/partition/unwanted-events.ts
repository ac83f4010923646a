import type { CompiledStep, Unwanted } from '../../compilation/sequence.ts';
import type { RecentEvent, SequenceRun, SequenceState } from '../../model/partition-set/partition-set-state.ts';
import type { ProjectedEvent } from '../../model/event/projected-event.ts';
import { LIMITS } from '../../primitives/limits.ts';

/*
 * What a step must not meet counts in either order of arrival: an older event that arrives later does not lead to a step
 * that a newer one has barred.
 */

/** Remembers an event that a step must not meet. */
export function recordUnwanted({ tests, keepsRecent }: Unwanted, state: SequenceState, event: ProjectedEvent): void {
  const { time, data } = event;
  if (keepsRecent) recordRecent(state, event);
  for (const { place, isUnwanted } of tests) {
    if (!isUnwanted(data)) continue;
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

/** Whether something newer that a match must not meet at its step has arrived already. */
export function isBarred(
  steps: readonly CompiledStep[],
  { unwanted, recent = [] }: SequenceState,
  { step: place, at, kept }: SequenceRun,
): boolean {
  const step = steps[place];
  if (step?.comparesWithMatch !== true) return unwanted !== undefined && (unwanted[place] ?? -Infinity) > at;
  const isUnwanted = (data: RecentEvent[2]): boolean =>
    (step.isNot && step.matches(data, kept)) || step.unless?.(data, kept) === true;
  return recent.some(([time, , data]) => time > at && isUnwanted(data));
}
