import type { Schedule } from '../../../src/core/model/rule/schedule-schema.ts';

const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
/** No place on earth is further from UTC. */
const FURTHEST_ZONE_MS = 14 * 3_600_000;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * Whether any stretch of a schedule is open, by the calendar of the host's JavaScript: from the first moment of a day that
 * is not before `from`, until the first that is not before `to`, on that day or, if `to` is not after `from`, on the next.
 * None begins on a day of `except`.
 */
export function isOpen(schedule: Schedule | undefined, clock: number): boolean {
  if (schedule === undefined) return true;
  const { timezone, days, from, to, open = [{ days, from, to }], except = [] } = schedule;
  const today = Math.floor(clock / DAY_MS) * DAY_MS;
  return [-2, -1, 0, 1].some((offset) => {
    const day = today + offset * DAY_MS;
    if (except.includes(new Date(day).toISOString().slice(0, 10))) return false;
    return open.some((stretch) => isStretchOpen(timezone, stretch, day, clock));
  });
}

type Stretch = Pick<Schedule, 'days' | 'from' | 'to'>;

function isStretchOpen(timezone: string, stretch: Stretch, day: number, clock: number): boolean {
  const { days, from = '00:00', to = '24:00' } = stretch;
  const opensToday = days === undefined || days.some((name) => name === DAYS[new Date(day).getUTCDay()]);
  const end = to > from ? day : day + DAY_MS;
  return opensToday && clock >= firstMoment(timezone, day, from) && clock < firstMoment(timezone, end, to);
}

const known = new Map<string, number>();

/** The first quarter of an hour whose local date and time are not before a time of day; the day is its midnight in UTC. */
function firstMoment(timeZone: string, day: number, time: string): number {
  const key = `${timeZone} ${day} ${time}`;
  const wanted = `${new Date(day).toISOString().slice(0, 10)} ${time}`;
  for (let moment = known.get(key) ?? day - FURTHEST_ZONE_MS; ; moment += QUARTER_MS) {
    if (localTime(timeZone, moment) < wanted) continue;
    known.set(key, moment);
    return moment;
  }
}

const calendars = new Map<string, Intl.DateTimeFormat>();

/** `2026-03-29 03:00`: its order is that of the calendar. */
function localTime(timeZone: string, moment: number): string {
  const calendar =
    calendars.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  calendars.set(timeZone, calendar);
  return calendar.format(moment);
}
