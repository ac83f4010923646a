import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { partsOf } from './conditions/measures.ts';
import { satisfies } from './conditions/predicate.ts';
import type { Arrival, Transition } from './model.ts';
import { ms } from './ms.ts';
import { partitionValues } from './partition.ts';
import { isForAll, isSettings, readsSettings } from './settings.ts';
import { isForgetting, World } from './world.ts';

export interface Recording {
  rule: Rule;
  /** When the set began. */
  start: number;
  /** Up to and including which moment its deadlines are handled. */
  until: number;
  /** In the order in which they were delivered. */
  arrivals: Arrival[];
  /** All durations and times are whole multiples of this, counted from the start. */
  unit: number;
}

/** All that one set says about a recording, in order. */
export function reference({ rule, start, until, arrivals, unit }: Recording): Transition[] {
  const world = new World(rule, start);
  const events = arrivals.filter(({ sequence, data }, index) => {
    const repeated = arrivals.slice(0, index).some((earlier) => earlier.sequence >= sequence);
    const forgets = isForgetting(rule, data) && partitionValues(rule, data) !== undefined;
    if (!forgets && isSettings(rule, data))
      return !repeated && readsSettings(rule) && (isForAll(rule, data) || partitionValues(rule, data) !== undefined);
    return (
      !repeated &&
      (rule.where.every((predicate) => satisfies(predicate, data)) || isForgetting(rule, data)) &&
      partitionValues(rule, data) !== undefined
    );
  });
  const tolerance = rule.lateTolerance === undefined ? 0 : ms(rule.lateTolerance);
  const taken = inTurn(events, start, tolerance);
  const end = until - tolerance;
  const clocks = taken.map(({ turn }) => Math.max(start, turn));
  const moments = [
    ...new Set([...momentsOf(start, end, unit / partsOf(rule)), ...clocks, ...events.map(({ at }) => at)]),
  ].sort((a, b) => a - b);
  for (const moment of moments) {
    taken
      .filter(({ turn }, index) => clocks[index] === moment && (tolerance === 0 || turn <= end))
      .forEach(({ event, arrived }) => world.arrive(event, moment, arrived));
    if (moment <= end && moment >= start) world.endMoment(moment);
  }
  return world.transitions;
}

/**
 * When each event has its turn: as it arrives, or with `lateTolerance` when the clock, which is that far behind the
 * arrivals, has come to its own time. The clock never runs back.
 */
function inTurn(
  events: readonly Arrival[],
  start: number,
  tolerance: number,
): { event: Arrival; arrived: number; turn: number }[] {
  const turns = events.map((event, index) => {
    const arrived = Math.max(start, ...events.slice(0, index + 1).map(({ at }) => at));
    return { event, arrived, turn: tolerance === 0 ? arrived : Math.max(event.time, arrived - tolerance) };
  });
  return turns.sort((a, b) => a.turn - b.turn);
}

/** Every moment at which anything can change: the next millisecond too, for what must be greater and not equal. */
function momentsOf(start: number, until: number, unit: number): number[] {
  const moments: number[] = [];
  for (let count = 0; start + count * unit <= until; count += 1)
    moments.push(Math.ceil(start + count * unit), Math.floor(start + count * unit) + 1);
  return moments.filter((moment) => moment <= until);
}
