import type { Schedule } from '../../src/core/rule-schema.ts';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Whether a schedule is open, by the calendar of the host's JavaScript. */
export function isOpen(schedule: Schedule | undefined, clock: number): boolean {
  if (schedule === undefined) return true;
  const { day, minute } = localTime(schedule.timezone, clock);
  const from = minutes(schedule.from ?? '00:00');
  const to = minutes(schedule.to ?? '24:00');
  const opens = (name: string): boolean => schedule.days === undefined || schedule.days.some((each) => each === name);
  if (from < to) return opens(day) && minute >= from && minute < to;
  // Over midnight: it belongs to the day on which it begins.
  const yesterday = DAYS[(DAYS.indexOf(day) + DAYS.length - 1) % DAYS.length] ?? '';
  return (opens(day) && minute >= from) || (opens(yesterday) && minute < to);
}

const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

const calendars = new Map<string, Intl.DateTimeFormat>();

function localTime(timeZone: string, clock: number): { day: string; minute: number } {
  const calendar = calendars.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  calendars.set(timeZone, calendar);
  const parts = calendar.formatToParts(clock);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return { day: part('weekday').toLowerCase(), minute: Number(part('hour')) * 60 + Number(part('minute')) };
}
