import type { CeaseReason } from '../../model/alert/alert.ts';
import type { Cause } from '../../model/alert/cause.ts';
import type { Level } from '../../compilation/levels.ts';
import { holds } from '../../compilation/conditions/condition.ts';
import {
  isTrue,
  momentOf,
  nextChange,
  valueOf,
  type Leaf,
  type LeafCause,
  type LeafOperand,
} from '../../compilation/conditions/leaf.ts';
import { adjusted } from '../../compilation/conditions/operand.ts';
import { nextMoment } from '../../alerts/lifecycle.ts';
import { reportLimit } from '../../alerts/limit-alert.ts';
import { snoozeMoment } from '../../alerts/snooze.ts';
import { countLive, forgetData, isLive, weigh, type PartitionSet } from '../../partition-set/partition-set.ts';
import { windowOf, type PartitionEntry } from '../../partition-set/partition-index.ts';
import { storedNumber } from '../../compilation/conditions/any-element.ts';
import { calculate } from '../../partition-set/values/calculate.ts';
import { knowledgeOf, noteKnown } from '../../partition-set/values/knowledge.ts';
import { dropLatches, latch, type LatchCause } from './hysteresis.ts';
import { measurePartition } from './measure-partition.ts';
import { momentBetween, rawSide } from './operand-leaf.ts';
import { playTime, sequenceMoment } from './pass-nots.ts';
import { playEvent, type WithSequence } from './play-sequence.ts';
import type { ProjectedEvent } from '../../model/event/projected-event.ts';
import { UNKNOWN_SINCE, type LeafMemory, type PartitionState } from '../../model/partition-set/partition-set-state.ts';
import { addSample, keepNewest, tidyValues } from '../../windows/accumulators.ts';
import { LIMITS } from '../../primitives/limits.ts';
import type { Truth } from '../../primitives/truth.ts';
import { showValue, type Value } from '../../primitives/value.ts';
import { truthOf } from '../../partition-set/values/level.ts';
import { weightOf } from '../../partition-set/weight.ts';
import type { Accumulator, Sample } from '../../model/partition-set/window-state.ts';

/** Adds an event to a partition's state. Returns whether it completes a sequence. */
export function addEvent(
  set: PartitionSet,
  entry: PartitionEntry,
  event: ProjectedEvent,
  arrival: Pick<Cause, 'arrivedAt'>,
): boolean {
  const { rule, state } = set;
  const { partition } = entry;
  const { last } = partition;
  const isNewest =
    last === null || event.time > last.timeMs || (event.time === last.timeMs && event.seq > last.sequence);
  for (let place = 0; place < rule.slots.length; place++) {
    const slot = rule.slots[place] as Accumulator;
    const value = valueFor(slot, event);
    // An event without the property does not change what is known about it.
    if (value === undefined) continue;
    if (slot.kind === 'latest') keepNewest(partition.stores, place, event.time, event.seq, value);
    else addToAccumulator(set, entry, slot, place, [event.time, event.seq, value]);
  }
  if (rule.slotsToFill !== null) noteKnown(entry, event.time);
  if (isNewest) mark(partition, event, rule.messages.eventPaths);
  else state.counters.late += 1;
  return partition.sequence !== undefined && playEvent(set, partition as WithSequence, event, arrival);
}

function addToAccumulator(
  set: PartitionSet,
  entry: PartitionEntry,
  slot: Accumulator,
  place: number,
  sample: Sample,
): void {
  const { partition } = entry;
  const limit = addSample(slot, partition.stores, place, windowOf(entry, slot, place), sample, set.state.now);
  if (limit !== null) reportLimit(set, limit, partition);
}

/** Overwrites the existing mark: one more object per event would be measurable. */
function mark(partition: PartitionState, { seq, time, trace, data }: ProjectedEvent, named: readonly string[]): void {
  const last = (partition.last ??= { sequence: seq, timeMs: time });
  last.sequence = seq;
  last.timeMs = time;
  if (trace !== undefined) last.trace = trace;
  else if (last.trace !== undefined) delete last.trace;
  if (named.length > 0) last.data = forMessages(data, named);
}

function forMessages(data: ProjectedEvent['data'], named: readonly string[]): Record<string, Value> {
  const cut = (value: Value): Value => (typeof value === 'string' ? value.slice(0, LIMITS.messageTextLength) : value);
  const shown = named.filter((path) => Object.hasOwn(data, path));
  return Object.fromEntries(shown.map((path) => [path, cut(showValue(data[path] ?? null))]));
}

/** The sample of an event for an accumulator; undefined if the event does not enter it. */
export function valueFor(
  { kind, property, as, accepts, scores }: Accumulator,
  { data }: ProjectedEvent,
): Value | undefined {
  if (accepts !== undefined && !accepts(data)) return undefined;
  if (scores !== undefined) return scores(data) ? 1 : 0;
  // Any value will do; arrays of numbers take less memory.
  if (property === null) return 0;
  const value = Object.hasOwn(data, property) ? data[property] : undefined;
  const read = as === 'number' ? storedNumber(value) : value;
  return kind === 'events' && read !== undefined ? 0 : read;
}

/**
 * Updates a partition to the set's clock: whether it is live, which levels it satisfies, the set's counts, and its next
 * deadline. Returns the reason to give if this ends a condition.
 */
export function updateAnswers(
  set: PartitionSet,
  entry: PartitionEntry,
  wasLive: boolean,
  cause: LeafCause & LatchCause,
): CeaseReason {
  const { state, rule } = set;
  const { partition } = entry;
  partition.stale = partition.last !== null && state.now >= staleMoment(set, partition);
  const live = isLive(partition);
  if (live !== wasLive) countLive(set, entry, live ? 1 : -1);
  // Expired data is dropped: later events start from nothing.
  if (partition.stale) {
    forgetData(rule, partition);
    entry.windows = [];
  }

  let moment = Infinity;
  if (live)
    for (let place = 0; place < rule.leaves.length; place++)
      moment = Math.min(moment, ask(set, entry, rule.leaves[place] as Leaf, cause));
  if (rule.hasNots && partition.sequence !== undefined) {
    if (cause.byClock) playTime(rule.steps, partition.sequence, state.now);
    moment = Math.min(moment, sequenceMoment(rule.steps, partition.sequence));
  }
  if (rule.measure !== null) moment = measurePartition(set, entry);
  partition.moment = moment === Infinity ? null : moment;
  const counts = live && (entry.isExpected || !rule.onlyExpected);
  for (let level = 0; level < rule.levels.length; level++) {
    const having = counts && satisfies(set, partition, level);
    if (rule.latches) holdOrLatch(set, entry, level, having, live, cause);
    else setHolding(set, entry, level, having);
  }
  if (partition.latched !== undefined) dropLatches(set, entry, (level) => (rule.levels[level]?.clear ?? null) === null);
  weigh(set, entry, weightOf(rule, entry));
  return wasLive && !live ? 'staleData' : 'cleared';
}

/** Whether a live partition satisfies a level; for a value of the set, whether it has one to contribute. */
function satisfies({ rule, answers }: PartitionSet, { measured }: PartitionState, level: number): Truth {
  return rule.measure === null ? holds((rule.levels[level] as Level).condition, answers) : measured !== undefined;
}

/** For a rule that has a `clear`: with it, a level holds on until that holds. */
function holdOrLatch(
  set: PartitionSet,
  entry: PartitionEntry,
  level: number,
  having: Truth,
  live: boolean,
  cause: LatchCause,
): void {
  const { clear } = set.rule.levels[level] as Level;
  if (clear === null) return setHolding(set, entry, level, having);
  const isCleared = !live || holds(clear, set.answers) === true;
  setHolding(set, entry, level, latch(set, entry, level, having, isCleared, cause));
}

/**
 * Evaluates a leaf of a live partition. Returns the next time at which its answer may change without an event, or
 * Infinity.
 */
function ask(set: PartitionSet, entry: PartitionEntry, leaf: Leaf, cause: LeafCause): number {
  const { rule, state, answers } = set;
  const { partition } = entry;
  const memory = leaf.memory < 0 ? undefined : partition.memory[leaf.memory];
  if (leaf.operands !== null) return askWithOperands(set, entry, leaf, leaf.operands, memory, cause);
  // As in `calculate`, without its object: it would be one for each leaf and event.
  const slot = leaf.slot < 0 ? undefined : rule.slots[leaf.slot];
  const store = slot === undefined ? null : (partition.stores[leaf.slot] ?? null);
  const window = slot === undefined ? null : windowOf(entry, slot, leaf.slot);
  window?.moveTo(state.now);
  if (slot !== undefined) tidyValues(slot, store, state.now);
  const knowledge = leaf.knowledge === null ? null : knowledgeOf(set, entry, leaf);
  const value =
    knowledge?.isKnown === false ? undefined : valueOf(leaf, store, window, state.now, partition.last?.timeMs ?? 0);
  answers[leaf.place] = isTrue(leaf, value, memory, state.now, cause);
  const moment = momentOf(leaf, value, store, window, state.now);
  return nextChange(leaf, memory, knowledge === null ? moment : Math.min(moment, knowledge.moment));
}

function askWithOperands(
  set: PartitionSet,
  entry: PartitionEntry,
  leaf: Leaf,
  operands: readonly LeafOperand[],
  memory: LeafMemory | undefined,
  cause: LeafCause,
): number {
  const { now } = set.state;
  const own = calculate(set, entry, leaf);
  const sides = operands.map((operand) => rawSide(set, entry, operand));
  const compared = operands.map(({ operand }, index) => adjusted(sides[index]?.value, operand));
  set.answers[leaf.place] = isTrue(leaf, own.value, memory, now, cause, compared);
  return nextChange(leaf, memory, momentBetween(leaf, own, operands, sides, entry, now));
}

export function staleMoment({ rule }: PartitionSet, { last }: PartitionState): number {
  return last === null || rule.staleAfterMs === null ? Infinity : last.timeMs + rule.staleAfterMs;
}

function setHolding(set: PartitionSet, entry: PartitionEntry, level: number, now: Truth): void {
  const before = truthOf(entry.partition.holds[level]);
  if (now !== before) changeHolding(set, entry, level, before, now);
}

function changeHolding(
  set: PartitionSet,
  { key, partition }: PartitionEntry,
  level: number,
  before: Truth,
  now: Truth,
): void {
  if (before === true) set.satisfying[level]?.delete(key);
  if (now === true) {
    partition.holds[level] = set.state.ticks += 1;
    set.satisfying[level]?.add(key);
  } else partition.holds[level] = now === undefined ? UNKNOWN_SINCE : 0;
  set.unknown[level] = (set.unknown[level] ?? 0) + Number(now === undefined) - Number(before === undefined);
}

/** Ends the latches of a partition whose alert does not fire any more: only `having` counts. */
export function unlatch(set: PartitionSet, entry: PartitionEntry): void {
  for (const [level, latch] of (entry.partition.latched ?? []).entries())
    if (latch !== null) setHolding(set, entry, level, latch.unknown ? undefined : false);
  dropLatches(set, entry, () => true);
}

/** The next time at which a partition must be evaluated, or Infinity. */
export function partitionMoment(set: PartitionSet, entry: PartitionEntry): number {
  const { partition } = entry;
  const own = isLive(partition) ? Math.min(staleMoment(set, partition), partition.moment ?? Infinity) : Infinity;
  if (partition.alert === undefined) return own;
  const silentAt = partition.alert.silent ? Infinity : silentFrom(set, entry);
  const alertAt = Math.min(
    nextMoment(partition.alert, set.rule, set.state.now),
    snoozeMoment(partition.alert, set.rule),
  );
  return Math.min(own, alertAt, silentAt);
}

/**
 * From when on a partition counts as silent, or Infinity. An expected one that never reported counts from the start.
 */
export function silentFrom({ rule, state }: PartitionSet, { partition: { last }, isExpected }: PartitionEntry): number {
  if (rule.noData === null) return Infinity;
  if (last !== null) return last.timeMs + rule.noData.afterMs;
  return isExpected ? state.startedAt + rule.noData.afterMs : Infinity;
}

/** Whether a stale or forgotten partition can be dropped: it was not expected, and no alert of it remains. */
export function isForgettable(
  set: PartitionSet,
  { partition, isExpected }: Pick<PartitionEntry, 'partition' | 'isExpected'>,
): boolean {
  if (isLive(partition) || isExpected) return false;
  const { alert, forgotten, settings, last } = partition;
  if (forgotten === true || settings !== undefined || alert?.snoozed !== undefined) return false;
  return alert === undefined || (alert.episode === 0 && (set.rule.noData?.then !== 'alert' || last === null));
}
