import { DAY_NAMES } from './days.ts';
import type { Schedule } from './rule-schema.ts';
import { minuteOf, momentOf, wallTime, weekdayOf } from './time-zone.ts';

/** When alerts may start. */
export interface Opening {
  isOpen(atMs: number): boolean;
  /** The first moment at or after `atMs` at which it is open, epoch ms. */
  nextOpen(atMs: number): number;
}

const MINUTES_A_DAY = 1_440;
const DAYS_AHEAD = 8;

export function compileSchedule({ timezone, days, from = '00:00', to = '24:00' }: Schedule): Opening {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  const open = DAY_NAMES.map((day) => days === undefined || days.includes(day));
  const overMidnight = begin >= end;

  const isOpen = (atMs: number): boolean => {
    const { weekday, minute } = wallTime(atMs, timezone);
    if (!overMidnight) return open[weekday] === true && minute >= begin && minute < end;
    const sinceToday = open[weekday] === true && minute >= begin;
    const sinceYesterday = open[(weekday + 6) % 7] === true && minute < end;
    return sinceToday || sinceYesterday;
  };
  return {
    isOpen,
    nextOpen(atMs) {
      if (isOpen(atMs)) return atMs;
      const { day } = wallTime(atMs, timezone);
      for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
        if (open[weekdayOf(day + ahead)] !== true) continue;
        const opens = momentOf(day + ahead, begin % MINUTES_A_DAY, timezone);
        if (opens > atMs && isOpen(opens)) return opens;
      }
      // Only where clock changes swallow a whole opening: look again from there.
      return this.nextOpen(momentOf(day + DAYS_AHEAD, 0, timezone));
    },
  };
}
