import { DAY_NAMES, minuteOf, momentOf, wallTime, weekdayOf } from '../primitives/time-zone.ts';
import type { Schedule } from '../model/rule-schema.ts';

/** When alerts may start to fire. */
export interface Opening {
  isOpen(atMs: number): boolean;
  /** The first time at or after `atMs` at which it is open, epoch ms; Infinity if there is none. */
  nextOpen(atMs: number): number;
}

/** A week, plus one day that a clock change may skip. */
const DAYS_AHEAD = 8;

/**
 * Each day has one open interval, from the first time its clock shows `from` to the first time it shows `to`. A clock
 * that is set back neither closes nor reopens it.
 */
export function compileSchedule({ timezone, days, from = '00:00', to = '24:00' }: Schedule): Opening {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  const isOpenDay = (day: number): boolean => {
    const name = DAY_NAMES[weekdayOf(day)];
    return days === undefined || (name !== undefined && days.includes(name));
  };
  const opens = (day: number): number => momentOf(day, begin, timezone);
  const closes = (day: number): number => momentOf(begin < end ? day : day + 1, end, timezone);

  const isOpen = (atMs: number): boolean => {
    const { day } = wallTime(atMs, timezone);
    // The day before for intervals past midnight, the day after for a clock that is set back across it.
    return [day - 1, day, day + 1].some((each) => isOpenDay(each) && opens(each) <= atMs && atMs < closes(each));
  };
  const nextOpen = (atMs: number): number => {
    if (isOpen(atMs)) return atMs;
    const { day } = wallTime(atMs, timezone);
    for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
      const at = opens(day + ahead);
      if (isOpenDay(day + ahead) && at > atMs && isOpen(at)) return at;
    }
    return Infinity;
  };
  return { isOpen, nextOpen };
}
