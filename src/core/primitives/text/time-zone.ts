export const DAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Intl knows time zones and their changes; nothing here reads the host's time zone. */
const formatters = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch {
    // Intl rejects unknown names.
    return false;
  }
}

/** A time on the wall clock of a zone. `day`: days since 1970-01-01; `weekday`: 0 is Monday; `minute` of the day. */
export interface WallTime {
  day: number;
  weekday: number;
  minute: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export function wallTime(atMs: number, timezone: string): WallTime {
  const localMs = atMs + offsetMs(atMs, timezone);
  const day = Math.floor(localMs / DAY_MS);
  return { day, weekday: weekdayOf(day), minute: Math.floor((localMs - day * DAY_MS) / MINUTE_MS) };
}

/** Whether a text is a date of the calendar such as `2026-12-25`. */
export function isDate(text: string): boolean {
  const atMs = Date.parse(text);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(`${text}T`);
}

/** Days since 1970-01-01 of a date such as `2026-12-25`. */
export const dayOf = (isoDate: string): number => Date.parse(isoDate) / DAY_MS;

/** 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/**
 * The first time (epoch ms) at or after a wall-clock minute of a day; if a clock change skips the minute, the end of
 * the gap.
 */
export function momentOf(day: number, minute: number, timezone: string): number {
  const localMs = day * DAY_MS + minute * MINUTE_MS;
  // The offset is one of those before and after; of those that fit, take the earliest.
  const guesses = [offsetMs(localMs - DAY_MS, timezone), offsetMs(localMs + DAY_MS, timezone)].map(
    (offset) => localMs - offset,
  );
  const fitting = guesses.filter((atMs) => atMs + offsetMs(atMs, timezone) === localMs);
  if (fitting.length > 0) return Math.min(...fitting);
  return endOfGap(Math.min(...guesses), Math.max(...guesses), localMs, timezone);
}

/** The time at which the wall clock jumps over `localMs`, between two times, by bisection. */
function endOfGap(before: number, after: number, localMs: number, timezone: string): number {
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (middle + offsetMs(middle, timezone) < localMs) low = middle;
    else high = middle;
  }
  return high;
}

/** The zone's UTC offset at a time, milliseconds. */
function offsetMs(atMs: number, timezone: string): number {
  const parts = Object.fromEntries(
    formatterOf(timezone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const local = Date.UTC(year, month - 1, day, hour % 24, minute, second);
  return local - Math.floor(atMs / 1000) * 1000;
}

export const minuteOf = (timeOfDay: string): number =>
  Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3, 5));

function formatterOf(timezone: string): Intl.DateTimeFormat {
  const known = formatters.get(timezone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(timezone, made);
  return made;
}
