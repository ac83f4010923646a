import type { PartitionSetState, WaitingState } from '../model/partition-set/partition-set-state.ts';
import type { ProjectedEvent } from '../model/event/projected-event.ts';
import { jsonBytes } from '../primitives/text/bytes.ts';
import { rise, sink } from '../primitives/heap.ts';
import { LIMITS } from '../primitives/limits.ts';

/*
 * With `lateTolerance` the clock of a set runs behind that of the stream. An event waits until the clock comes to its own
 * time. The heap is the state itself, so that an event costs O(log n).
 */

/** The part of a partition set that waiting events concern. */
interface WaitingSet {
  state: PartitionSetState;
  rule: { lateToleranceMs: number };
  /** Approximate bytes of the state, and of its waiting events. */
  weight: number;
  waitingBytes: number;
}

/** Bytes of an event without its data: three numbers, and names. */
const FRAME_BYTES = 90;
const TRACE_BYTES = 70;

/** Approximate JSON bytes of a waiting event in the state. */
const waitingEventBytes = ({ data, trace }: ProjectedEvent): number =>
  FRAME_BYTES + jsonBytes(data) + (trace === undefined ? 0 : TRACE_BYTES);

/** The stream's clock, as far as the set knows: its own, unless it runs behind. */
export const streamTime = ({ state }: WaitingSet): number => state.waiting?.until ?? state.now;

/** Notes that the stream's clock is at `streamMs`. Returns the time to which the clock of the set may come. */
export function clockAt({ state, rule }: WaitingSet, streamMs: number): number {
  const { waiting } = state;
  if (waiting === undefined) return streamMs;
  waiting.until = Math.max(waiting.until, streamMs);
  return waiting.until - rule.lateToleranceMs;
}

/** Event time of the first event that waits, or Infinity. */
export const nextWaiting = ({ state }: WaitingSet): number => state.waiting?.events[0]?.time ?? Infinity;

/** Whether there is no room for another waiting event. */
export function isCrowded({ state, waitingBytes, weight }: WaitingSet): boolean {
  const count = state.waiting?.events.length ?? 0;
  if (count === 0) return false;
  return count > LIMITS.waitingEvents || waitingBytes > LIMITS.waitingBytes || weight > LIMITS.stateBytes;
}

export function addWaiting(set: WaitingSet, event: ProjectedEvent): void {
  const { events } = set.state.waiting as WaitingState;
  weighWaiting(set, waitingEventBytes(event));
  rise(events, event, events.length, isBefore, putIn(events));
}

/** Removes and returns the first event. Call it only if one waits. */
export function takeWaiting(set: WaitingSet): ProjectedEvent {
  const { events } = set.state.waiting as WaitingState;
  const first = events[0] as ProjectedEvent;
  const moved = events.pop() as ProjectedEvent;
  if (moved !== first) sink(events, moved, 0, isBefore, putIn(events));
  weighWaiting(set, -waitingEventBytes(first));
  return first;
}

/** Weighs the events of a state that the set resumes from. */
export const weighAllWaiting = (set: WaitingSet): void =>
  set.state.waiting?.events.forEach((event) => weighWaiting(set, waitingEventBytes(event)));

function weighWaiting(set: WaitingSet, bytes: number): void {
  set.waitingBytes += bytes;
  set.weight += bytes;
}

const putIn =
  (events: ProjectedEvent[]) =>
  (event: ProjectedEvent, place: number): void => {
    events[place] = event;
  };

const isBefore = (a: ProjectedEvent, b: ProjectedEvent): boolean =>
  a.time < b.time || (a.time === b.time && a.seq < b.seq);
