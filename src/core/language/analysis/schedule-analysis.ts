import { compileSchedule, stretchesOf } from '../../compilation/schedule.ts';
import type { Rule } from '../../model/rule/rule-schema.ts';
import type { Schedule, Stretch } from '../../model/rule/schedule-schema.ts';
import { dayOf, DAY_NAMES, minuteOf, weekdayOf } from '../../primitives/text/time-zone.ts';
import type { Issue } from '../parse/explain-issue.ts';

/** Parts of a schedule that change nothing. */
export function inSchedule({ schedule }: Rule): Issue[] {
  if (schedule === undefined) return [];
  return [...inStretches(schedule), ...inExceptions(schedule), ...inOnClose(schedule)];
}

/** Stretches that another one covers on every day on which they begin, `except` or not. */
function inStretches({ open = [] }: Schedule): Issue[] {
  return open.flatMap((stretch, index) => {
    // Of equal ones, the first has an effect.
    const covering = open.findIndex(
      (other, place) => place !== index && covers(other, stretch) && (place < index || !covers(stretch, other)),
    );
    if (covering < 0) return [];
    return [{ path: `schedule.open[${index}]`, message: `has no effect: schedule.open[${covering}] covers it` }];
  });
}

function covers(outer: Stretch, inner: Stretch): boolean {
  const [[outerBegin, outerEnd], [innerBegin, innerEnd]] = [minutesOf(outer), minutesOf(inner)];
  return outerBegin <= innerBegin && innerEnd <= outerEnd && daysOf(inner).every((day) => daysOf(outer).includes(day));
}

const DAY_MINUTES = 1440;

/** Its begin and end, in minutes since midnight of the day on which it begins. */
function minutesOf({ from = '00:00', to = '24:00' }: Stretch): [begin: number, end: number] {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  return [begin, begin < end ? end : end + DAY_MINUTES];
}

const daysOf = ({ days = [...DAY_NAMES] }: Stretch): (typeof DAY_NAMES)[number][] => days;

/** Dates that occur twice, and dates on which no stretch would begin anyway. */
function inExceptions(schedule: Schedule): Issue[] {
  const { except = [] } = schedule;
  const openDays = new Set(stretchesOf(schedule).flatMap(daysOf));
  return except.flatMap((date, index) => {
    const path = `schedule.except[${index}]`;
    const first = except.indexOf(date);
    if (first < index) return [{ path, message: `repeats schedule.except[${first}]` }];
    const weekday = DAY_NAMES[weekdayOf(dayOf(date))] ?? 'mon';
    return openDays.has(weekday)
      ? []
      : [{ path, message: `has no effect: no stretch begins on a day like this (${weekday})` }];
  });
}

function inOnClose(schedule: Schedule): Issue[] {
  if (schedule.onClose !== 'resolve' || compileSchedule(schedule).resolvesAt(0) < Infinity) return [];
  return [{ path: 'schedule.onClose', message: 'has no effect: the schedule never closes' }];
}
