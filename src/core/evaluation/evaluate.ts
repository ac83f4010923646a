import type { AlertEnvelope, AlertReason } from '../model/alert/alert.ts';
import type { Cause } from '../model/alert/cause.ts';
import { continuationOf, type Continuation } from './continuation.ts';
import { generationAfter } from './generation.ts';
import { endAlerts, forgetLevels, restartReminders } from './end-alerts.ts';
import { reportLimit } from '../alerts/limit-alert.ts';
import {
  derivePartitionSet,
  isLive,
  newPartition,
  newState,
  type PartitionSet,
  type Piece,
  type PartitionSetStart,
} from '../partition-set/partition-set.ts';
import { PartitionEntry } from '../partition-set/partition-index.ts';
import { levelOfSet } from '../partition-set/values/level.ts';
import { migrateState } from '../partition-set/migrate-state.ts';
import { knownAfterChange } from './known-after-change.ts';
import { partitionMoment, updateAnswers } from './partition/evaluate-partition.ts';
import type { Rule } from '../model/rule/rule-schema.ts';
import { assertProjectedEvent, type ProjectedEvent } from '../model/event/projected-event.ts';
import {
  scheduleDeadline,
  emitHeartbeat,
  setOwnDeadline,
  reevaluate,
  reevaluatePartition,
  reevaluateSet,
} from './reevaluate.ts';
import { takeEvent } from './take-event.ts';
import {
  newLeafMemory,
  type PartitionState,
  type PartitionSetState,
} from '../model/partition-set/partition-set-state.ts';
import {
  addWaiting,
  clockAt,
  isCrowded,
  nextWaiting,
  streamTime,
  takeWaiting,
} from '../partition-set/waiting-events.ts';

/*
 * The evaluator. Time comes from the stored time of events and from `advanceTo`, never from the host. So a backlog, a
 * replay and a reset lead to the same alerts as the live run, and offline tools use the same code.
 *
 * Order: events at a moment come before the deadlines of that moment, and all partitions due at a moment are updated
 * before the set as a whole is judged. docs/semantics.md is the contract.
 */

/** Opens a new partition set. */
export function openPartitionSet(birth: PartitionSetStart): PartitionSet {
  const set = resumePartitionSet(birth.rule, newState(birth));
  // An empty set may already fire (`count` compares 0), once the events of its first moment are applied.
  if (levelOfSet(set) >= 0) set.state.judgeAt = birth.atMs;
  setOwnDeadline(set);
  return set;
}

/**
 * Resumes from a state, for example of the previous run, which another build may have written.
 * @throws VigilError STATE_VERSION_UNKNOWN
 */
export function resumePartitionSet(rule: Rule, state: PartitionSetState, piece: Piece | null = null): PartitionSet {
  migrateState(state);
  const set = derivePartitionSet(rule, state, piece);
  // A piece does not publish the heartbeat of the whole set.
  const heartbeatMs = piece?.record === undefined || set.rule.each ? set.rule.heartbeatMs : null;
  state.nextHeartbeatAt = heartbeatMs === null ? null : (state.nextHeartbeatAt ?? state.now + heartbeatMs);
  for (const entry of set.index.all()) scheduleDeadline(set, entry, partitionMoment(set, entry));
  // The deadlines of the clock's own moment may not have been handled.
  setOwnDeadline(set, state.now - 1);
  return set;
}

/** Applies one event. An event at or below the watermark was applied before and changes nothing. */
export function applyEvent(set: PartitionSet, event: ProjectedEvent): void {
  const { state } = set;
  if (!acceptsEvent(state, event)) return;
  if (state.waiting !== undefined) return applyWhenDue(set, event);
  // As in `arriveAt`, which nearly every event would call in vain.
  if (set.deadlines.next() < event.at) advance(set, event.at, false);
  state.now = Math.max(state.now, event.at);
  if (event.isLeftOut === true) countOverflow(set);
  else takeEvent(set, event, state.now, event.at);
}

/** With `lateTolerance`, an event waits until the clock of the set comes to its own time. */
function applyWhenDue(set: PartitionSet, event: ProjectedEvent): void {
  const position = arriveAt(set, event.at);
  // The stream's clock may have jumped back.
  const atMs = streamTime(set);
  if (event.isLeftOut === true) return countOverflow(set);
  if (set.rule.lateToleranceMs === 0 || event.time <= position) return takeEvent(set, event, atMs, position);
  addWaiting(set, event.at === atMs ? event : { ...event, at: atMs });
  while (isCrowded(set)) {
    takeEvent(set, takeWaiting(set), atMs, position);
    reportLimit(set, 'waitingEvents');
  }
}

/**
 * Moves the clock to the arrival of an event, epoch ms: takes the events that waited for it, and handles the deadlines
 * before it. Returns the time to which the clock may come, which is `lateTolerance` before the arrival.
 */
export function arriveAt(set: PartitionSet, atMs: number): number {
  const { state } = set;
  const position = clockAt(set, atMs);
  advance(set, position, false);
  state.now = Math.max(state.now, position);
  return position;
}

/**
 * Advances the watermark. Returns whether to apply the event: one at or below the watermark was applied before.
 * @throws TypeError
 */
export function acceptsEvent(state: PartitionSetState, event: ProjectedEvent): boolean {
  assertProjectedEvent(event);
  if (event.seq <= state.mark) {
    state.counters.repeated += 1;
    return false;
  }
  state.mark = event.seq;
  // Ignore events stored before the set started: a lagging reader may still deliver them.
  return event.at >= state.startedAt;
}

/** Counts and reports an event whose group the rule has no room for. */
export function countOverflow(set: PartitionSet): void {
  set.state.counters.overflow += 1;
  reportLimit(set, 'groups');
}

/**
 * Handles every deadline up to and including `untilMs` of the stream's clock, each at its own time. Call once all events
 * stored by then are applied.
 */
export function advanceTo(set: PartitionSet, untilMs: number): void {
  clockAt(set, untilMs);
  // Not the clock that follows from newer events: others of their moment may be in flight.
  advanceClockTo(set, untilMs - set.rule.lateToleranceMs);
}

/** The same for `untilMs` of the set's own clock. */
export function advanceClockTo(set: PartitionSet, untilMs: number): void {
  advance(set, untilMs, true);
  set.state.now = Math.max(set.state.now, untilMs);
}

export interface RuleChange {
  /** The stream's clock for the whole set, epoch ms. A piece does not know it: it sees only its own events. */
  atMs?: number | undefined;
  /** Default: see generationAfter. */
  generation?: string;
}

/**
 * Replaces the rule by another version. Values and alerts continue as far as the new version can use them.
 * Handles no deadlines: events stored before the change may still be in flight.
 */
export function replaceRule(
  set: PartitionSet,
  rule: Rule,
  ruleVersion: number,
  { atMs = streamTime(set), ...change }: RuleChange = {},
): PartitionSet {
  const { state } = set;
  // An earlier version with a longer `lateTolerance` may have left something to do. If its state is in pieces, all of that is merged.
  if (state.waiting !== undefined && set.piece?.derive === undefined) arriveAt(set, atMs);
  state.now = Math.max(state.now, clockAt(set, atMs));
  const next = derivePartitionSet(rule, newState({ rule, ruleVersion, group: state.group, atMs: state.now }));
  const kept = continuationOf(set.rule, next.rule);
  if (!kept.partitions) endAlerts(set, 'ruleUpdated');
  state.generation = change.generation ?? generationAfter(set, next.rule, ruleVersion);
  state.ruleVersion = ruleVersion;
  // What waits has the properties that the old version reads.
  if (!kept.partitions && state.waiting !== undefined) state.waiting.events = [];
  state.partitions = kept.partitions ? refit(set, next, kept) : {};
  Object.assign(state, settingsToKeep(kept)(state));
  if (!kept.heartbeat) state.nextHeartbeatAt = null;
  if (!kept.levels) forgetLevels(state);
  if (!kept.reminders) restartReminders(state, next.rule.repeatMs);
  const changed = resumePartitionSet(rule, state, set.piece);
  changed.outbox = set.outbox;
  const entries = [...changed.index.all()];
  const cause: Cause = { at: state.now, ceased: 'ruleUpdated', byClock: false };
  for (const entry of entries) updateAnswers(changed, entry, isLive(entry.partition), cause);
  reevaluate(changed, entries, cause);
  return changed;
}

/** Ends a set: firing alerts resolve with the reason, at `atMs`. */
export function endPartitionSet(
  set: PartitionSet,
  reason: Extract<AlertReason, 'ruleUpdated' | 'ruleDisabled' | 'ruleDeleted' | 'ruleResumed'>,
  atMs: number,
): void {
  set.state.now = Math.max(set.state.now, atMs);
  if (set.state.waiting !== undefined) set.state.waiting.events = [];
  endAlerts(set, reason);
}

/** The next time of the stream's clock at which `advanceTo` has something to do, epoch ms, or null. */
export function nextDeadline(set: PartitionSet): number | null {
  const at = Math.min(set.deadlines.next(), nextWaiting(set));
  return at === Infinity ? null : at + set.rule.lateToleranceMs;
}

/** Removes and returns the alerts since the last call, in order. */
export function takeAlerts(set: PartitionSet): AlertEnvelope[] {
  return set.outbox.splice(0);
}

function advance(set: PartitionSet, untilMs: number, inclusive: boolean): void {
  for (;;) {
    const at = set.deadlines.next();
    // An overdue deadline (after a late event) is due now: the set's clock never runs back.
    const moment = Math.max(set.state.now, at);
    const waiting = set.state.waiting === undefined ? Infinity : nextWaiting(set);
    if (waiting <= untilMs && waiting <= moment) takeWaitingEvent(set, waiting);
    else if (moment > untilMs || (moment === untilMs && !inclusive)) return;
    else handleDeadlines(set, at, moment);
  }
}

function takeWaitingEvent(set: PartitionSet, atMs: number): void {
  set.state.now = Math.max(set.state.now, atMs);
  const event = takeWaiting(set);
  takeEvent(set, event, event.at, atMs, event.seq);
}

/** Handles the earliest deadlines, those `at`, at this moment of the set's clock. */
function handleDeadlines(set: PartitionSet, at: number, moment: number): void {
  set.state.now = moment;
  const entries = set.deadlines.removeDue(at).filter((timed) => timed instanceof PartitionEntry);
  const cause: Cause = { at: moment, ceased: 'cleared', byClock: true, causedBy: undefined };
  const expired = new Set(
    entries.filter((entry) => updateAnswers(set, entry, isLive(entry.partition), cause) === 'staleData'),
  );
  const [first] = expired;
  // A partition's own alert ends for the partition's reason, the set's alert for the reason of any partition.
  for (const entry of entries)
    reevaluatePartition(set, entry, expired.has(entry) ? { ...cause, ceased: 'staleData' } : cause);
  reevaluateSet(
    set,
    entries,
    first === undefined ? cause : { ...cause, ceased: 'staleData', causedBy: first.partition },
  );
  emitHeartbeat(set);
}

/** Moves what the new version can use to its places there; everything that the rule judges is judged again. */
function refit(set: PartitionSet, next: PartitionSet, kept: Continuation): PartitionSetState['partitions'] {
  const settingsOf = settingsToKeep(kept);
  // What partitions satisfy and what they contribute to a value is not comparable. If they are in pieces, the new state is known.
  const measures = (set.rule.measure ?? next.rule.measure) !== null && set.piece?.derive === undefined;
  const refitted = Object.entries(set.state.partitions).map(([key, partition]): [string, PartitionState] => {
    const blank = newPartition(next.rule, partition.key);
    const stores = kept.slots.map((from, slot) => partition.stores[from] ?? blank.stores[slot] ?? null);
    const memory = kept.memories.map((from, place) => partition.memory[from] ?? blank.memory[place] ?? newLeafMemory());
    const sequence = kept.matches ? partition.sequence : blank.sequence;
    const holds = next.rule.levels.map((_level, index) => (measures ? 0 : (partition.holds[index] ?? 0)));
    const { measured: _measured, knownSince: _before, ...others } = partition;
    const knownSince = knownAfterChange(partition, next.rule, kept, next.roster.has(key), set.state.now);
    return [
      key,
      {
        ...blank,
        ...others,
        ...(knownSince !== undefined && { knownSince }),
        ...{ stores, holds, memory },
        ...(sequence !== undefined && { sequence }),
        ...settingsOf(partition),
      },
    ];
  });
  return Object.fromEntries(refitted);
}

function settingsToKeep({ settings: keys }: Continuation): (owner: Settings) => Settings {
  return ({ settings }) => {
    if (settings === undefined) return {};
    const kept = Object.entries(settings).filter(([key]) => keys.has(key));
    return { settings: kept.length > 0 ? Object.fromEntries(kept) : undefined } as Settings;
  };
}

type Settings = Pick<PartitionState, 'settings'>;
