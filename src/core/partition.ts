import type { Cause } from './lifecycle.ts';
import { nextMoment } from './lifecycle.ts';
import { satisfies } from './condition.ts';
import { countLive, isLive, type LiveSet } from './live-set.ts';
import type { SetEvent } from './set-event.ts';
import type { PartitionState } from './state.ts';

/** Newest by (event time, stream sequence): a late event never overwrites. */
const isNewer = (event: SetEvent, known: { timeMs: number; sequence: number } | null): boolean =>
  known === null || event.time > known.timeMs || (event.time === known.timeMs && event.seq > known.sequence);

/** Takes an event into a partition's calculations. False when the partition knew a newer one already. */
export function absorb(set: LiveSet, partition: PartitionState, event: SetEvent): boolean {
  set.rule.slots.forEach(({ property }, slot) => {
    const value = Object.hasOwn(event.data, property) ? event.data[property] : undefined;
    // An event that does not speak of the property says nothing about it: the value known so far stands.
    if (value !== undefined && isNewer(event, partition.calcs[slot] ?? null)) {
      partition.calcs[slot] = { sequence: event.seq, timeMs: event.time, value };
    }
  });
  const newer = isNewer(event, partition.last);
  if (newer) partition.last = { sequence: event.seq, timeMs: event.time };
  return newer;
}

/**
 * Brings what is known of a partition up to the set's clock: whether it is live, whether it satisfies, the counts, and
 * its next deadline. Returns why, should a condition cease with it.
 */
export function refresh(set: LiveSet, key: string, partition: PartitionState, wasLive: boolean): Cause['ceased'] {
  const { state, rule } = set;
  const staleAt = staleMoment(set, partition);
  partition.stale = partition.last !== null && state.now >= staleAt;
  const live = isLive(partition);
  if (live !== wasLive) countLive(set, key, live ? 1 : -1);
  // Expired data is gone: what comes later starts from nothing.
  if (partition.stale) partition.calcs = rule.slots.map(() => null);

  setHolding(set, key, partition, live && satisfies(rule.having, partition));
  return wasLive && !live ? 'staleData' : 'cleared';
}

/** The next moment at which this partition must be looked at, or Infinity. */
export function partitionMoment(set: LiveSet, partition: PartitionState): number {
  const alertMoment = partition.alert === undefined ? Infinity : nextMoment(partition.alert, set.rule);
  return Math.min(isLive(partition) ? staleMoment(set, partition) : Infinity, alertMoment);
}

function staleMoment({ rule }: LiveSet, { last }: PartitionState): number {
  return last === null || rule.staleAfterMs === null ? Infinity : last.timeMs + rule.staleAfterMs;
}

function setHolding(set: LiveSet, key: string, partition: PartitionState, holds: boolean): void {
  if (holds === partition.holdsSince > 0) return;
  if (holds) {
    partition.holdsSince = set.state.ticks += 1;
    set.holders.add(key);
  } else {
    partition.holdsSince = 0;
    set.holders.delete(key);
  }
}

/** A partition that is stale, was not expected and never had an alert has nothing left to remember. */
export function isForgettable(set: LiveSet, key: string, partition: PartitionState): boolean {
  return !isLive(partition) && !set.roster.has(key) && (partition.alert === undefined || partition.alert.episode === 0);
}
