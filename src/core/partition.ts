import { holds } from './condition.ts';
import { askLeaf } from './leaf.ts';
import { nextMoment, type Cause } from './lifecycle.ts';
import { reportLimit, type Reached } from './limit-report.ts';
import { countLive, forgetData, isLive, partitionKey, weigh, type LiveSet } from './live-set.ts';
import { playEvent, playTime, sequenceMoment } from './sequence.ts';
import type { SetEvent } from './set-event.ts';
import type { CeaseReason, PartitionState } from './state.ts';
import { addSample, tidy, type StoreState } from './stores.ts';

/** Takes an event into what a partition keeps. `newer`: the partition knew none as new; `completes`: it completes a sequence. */
export function absorb(set: LiveSet, partition: PartitionState, event: SetEvent): { newer: boolean; completes: boolean } {
  const { rule, state } = set;
  const { last } = partition;
  const reached: Reached = (limit) => reportLimit(set, limit, partition);
  const newer = last === null || event.time > last.timeMs || (event.time === last.timeMs && event.seq > last.sequence);
  rule.slots.forEach((slot, place) => {
    const { property } = slot;
    const known = property === null ? null : Object.hasOwn(event.data, property) ? event.data[property] : undefined;
    // An event that does not speak of the property says nothing about it: what is known stands.
    if (known !== undefined) partition.stores[place] = addSample(slot, partition.stores[place] as StoreState, [event.time, event.seq, known], state.now, reached);
  });
  let completes = false;
  if (partition.sequence !== undefined && newer) completes = playEvent(rule.steps, partition.sequence, event, reached);
  if (newer) partition.last = { sequence: event.seq, timeMs: event.time, ...(event.trace !== undefined && { trace: event.trace }) };
  return { newer, completes };
}

/**
 * Brings what is known of a partition up to the set's clock: whether it is live, what it satisfies, the counts, and its own
 * next moment. Returns why, should a condition cease with it.
 */
export function refresh(set: LiveSet, key: string, partition: PartitionState, wasLive: boolean, cause: Pick<Cause, 'at' | 'byClock'>): CeaseReason {
  const { state, rule } = set;
  partition.stale = partition.last !== null && state.now >= staleMoment(set, partition);
  const live = isLive(partition);
  if (live !== wasLive) countLive(set, key, live ? 1 : -1);
  // Expired data is gone: what comes later starts from nothing.
  if (partition.stale) forgetData(rule, partition);

  let moment = Infinity;
  const answers = rule.leaves.map((leaf): boolean => {
    if (!live) return false;
    const store = partition.stores[leaf.slot] ?? null;
    const slot = rule.slots[leaf.slot];
    if (slot !== undefined) moment = Math.min(moment, tidy(slot, store, state.now));
    const memory = partition.memory[leaf.memory];
    const answer = askLeaf(leaf, { store, memory, lastEventMs: partition.last?.timeMs ?? 0, nowMs: state.now, cause });
    moment = Math.min(moment, answer.moment);
    return answer.holds;
  });
  if (partition.sequence !== undefined) {
    if (cause.byClock) playTime(rule.steps, partition.sequence, state.now);
    moment = Math.min(moment, sequenceMoment(rule.steps, partition.sequence));
  }
  partition.moment = moment === Infinity ? null : moment;
  weigh(set, key, partition);

  const cleared = rule.clear !== null && holds(rule.clear, answers);
  rule.levels.forEach(({ condition }, level) => {
    const latched = rule.clear !== null && (partition.holds[level] ?? 0) > 0 && !cleared;
    setHolding(set, key, partition, level, live && (holds(condition, answers) || latched));
  });
  return wasLive && !live ? 'staleData' : 'cleared';
}

/** The highest level that a partition satisfies, or -1. */
export function levelOf({ rule }: LiveSet, partition: PartitionState): number {
  if (partition.sequence !== undefined) return partition.sequence.held ? 0 : -1;
  for (let level = rule.levels.length - 1; level >= 0; level--) {
    if ((partition.holds[level] ?? 0) > 0) return level;
  }
  return -1;
}

export function staleMoment({ rule }: LiveSet, { last }: PartitionState): number {
  return last === null || rule.staleAfterMs === null ? Infinity : last.timeMs + rule.staleAfterMs;
}

function setHolding(set: LiveSet, key: string, partition: PartitionState, level: number, now: boolean): void {
  if (now === (partition.holds[level] ?? 0) > 0) return;
  if (now) {
    partition.holds[level] = set.state.ticks += 1;
    set.holders[level]?.add(key);
  } else {
    partition.holds[level] = 0;
    set.holders[level]?.delete(key);
  }
}

/** The next moment at which a partition must be looked at, or Infinity. */
export function partitionMoment(set: LiveSet, partition: PartitionState): number {
  const own = isLive(partition) ? Math.min(staleMoment(set, partition), partition.moment ?? Infinity) : Infinity;
  if (partition.alert === undefined) return own;
  const silentAt = partition.alert.silent ? Infinity : silentFrom(set, partition);
  return Math.min(own, nextMoment(partition.alert, set.rule, set.state.now), silentAt);
}

/** From when on a partition counts as silent, or Infinity. One that never reported does from the start, if it was expected. */
export function silentFrom({ rule, state, roster }: LiveSet, { last, key }: PartitionState): number {
  if (rule.noData === null) return Infinity;
  if (last !== null) return last.timeMs + rule.noData.afterMs;
  return roster.has(partitionKey(key)) ? state.startedAt + rule.noData.afterMs : Infinity;
}

/** A partition that is stale, was not expected and has nothing more to say has nothing left to remember. */
export function isForgettable(set: LiveSet, key: string, partition: PartitionState): boolean {
  if (isLive(partition) || set.roster.has(key)) return false;
  return partition.alert === undefined || (partition.alert.episode === 0 && set.rule.noData?.then !== 'alert');
}
