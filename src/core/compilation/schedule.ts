import type { Schedule, Stretch } from '../model/rule/schedule-schema.ts';
import { dayOf, DAY_NAMES, minuteOf, momentOf, wallTime, weekdayOf } from '../primitives/text/time-zone.ts';

/** When alerts may start to fire. */
export interface Opening {
  isOpen(atMs: number): boolean;
  /** The first time at or after `atMs` at which it is open, epoch ms; Infinity if there is none. */
  nextOpen(atMs: number): number;
  /**
   * When an alert that fires at `atMs` must resolve because it is closed: when it closes, or `atMs` if it is closed.
   * Infinity if it never closes, and with `onClose: keep`.
   */
  resolvesAt(atMs: number): number;
}

/** A time from `opensMs` up to and without `closesMs`, epoch ms; `day`: on which it begins, days since 1970-01-01. */
interface OpenTime {
  day: number;
  opensMs: number;
  closesMs: number;
}

/** Two weeks and a day: a clock change that skips an hour of a week does not skip it in the next week, too. */
const DAYS_AHEAD = 15;

/** Days whose open times are remembered. */
const DAYS_KEPT = 4 * DAYS_AHEAD;

const NEVER: OpenTime = { day: Infinity, opensMs: Infinity, closesMs: Infinity };

/**
 * On each of its days, a stretch is open from the first time the day's clock shows `from` to the first time it shows
 * `to`. A clock that is set back neither closes nor reopens it. Stretches that adjoin or overlap are one open time.
 */
export function compileSchedule(schedule: Schedule): Opening {
  const { timezone, except = [], onClose = 'keep' } = schedule;
  const exceptDays = [...new Set(except.map(dayOf))].sort((a, b) => a - b);
  const openTimesOn = openTimesByDay(schedule, new Set(exceptDays));
  /** A week without an open time has a day of `except`, or a clock change. */
  const daysToSearch = 7 * exceptDays.length + DAYS_AHEAD;

  /** The first stretch that is open at `atMs` or opens later. */
  const stretchAt = remembering((atMs) => {
    const { day: today } = wallTime(atMs, timezone);
    // The day before for stretches past midnight.
    for (let day = today - 1; day <= today + daysToSearch; day++) {
      const first = openTimesOn(day).find(({ closesMs }) => closesMs > atMs);
      if (first !== undefined) return first;
    }
    return NEVER;
  });
  /** The same, with all stretches that adjoin or overlap. */
  const openTimeAt = remembering((atMs) => {
    const first = stretchAt(atMs);
    return { ...first, closesMs: closing(first) };
  });
  const closing = (first: OpenTime): number => {
    let { day, closesMs } = first;
    let lastDay = day + DAYS_AHEAD;
    for (;;) {
      for (const next of openTimesOn(day)) {
        if (next.opensMs > closesMs) return closesMs;
        closesMs = Math.max(closesMs, next.closesMs);
      }
      day += 1;
      if (closesMs < momentOf(day, 0, timezone)) return closesMs;
      if (day <= lastDay) continue;
      // It is open all week, so only a day of `except` can close it: continue with the day before that one.
      const exceptDay = exceptDays.find((each) => each >= day);
      if (exceptDay === undefined) return Infinity;
      closesMs = momentOf(exceptDay, 0, timezone);
      day = exceptDay - 1;
      lastDay = day + DAYS_AHEAD;
    }
  };

  const isOpen = (atMs: number): boolean => stretchAt(atMs).opensMs <= atMs;
  return {
    isOpen,
    nextOpen: (atMs) => Math.max(atMs, stretchAt(atMs).opensMs),
    resolvesAt: (atMs) => {
      if (onClose === 'keep') return Infinity;
      return isOpen(atMs) ? openTimeAt(atMs).closesMs : atMs;
    },
  };
}

/** Remembers the last answer: nearly every question is about the same open time as the one before. */
function remembering(find: (atMs: number) => OpenTime): (atMs: number) => OpenTime {
  let known = { fromMs: Infinity, openTime: NEVER };
  return (atMs) => {
    if (atMs < known.fromMs || atMs >= known.openTime.closesMs) known = { fromMs: atMs, openTime: find(atMs) };
    return known.openTime;
  };
}

/** The open times that begin on a day (days since 1970-01-01), in order. */
function openTimesByDay(schedule: Schedule, exceptDays: ReadonlySet<number>): (day: number) => OpenTime[] {
  const { timezone } = schedule;
  const stretches = stretchesOf(schedule)
    .map(({ days = DAY_NAMES, from = '00:00', to = '24:00' }) => ({
      weekdays: new Set(days.map((name) => DAY_NAMES.indexOf(name))),
      begin: minuteOf(from),
      end: minuteOf(to),
    }))
    .sort((a, b) => a.begin - b.begin);
  const timesOn = (day: number): OpenTime[] =>
    stretches
      .filter(({ weekdays }) => !exceptDays.has(day) && weekdays.has(weekdayOf(day)))
      .map(({ begin, end }) => ({
        day,
        opensMs: momentOf(day, begin, timezone),
        closesMs: momentOf(begin < end ? day : day + 1, end, timezone),
      }))
      .filter(({ opensMs, closesMs }) => opensMs < closesMs);

  // Alerts of many partitions may wait for different days, and a rule may have many stretches.
  const known = new Map<number, OpenTime[]>();
  return (day) => {
    const times = known.get(day);
    if (times !== undefined) return times;
    if (known.size >= DAYS_KEPT) known.clear();
    const added = timesOn(day);
    known.set(day, added);
    return added;
  };
}

/** The stretches of a schedule. One that has its hours in itself has one. */
export const stretchesOf = ({ open, days, from, to }: Schedule): Stretch[] => open ?? [{ days, from, to }];
