import fc from 'fast-check';
import { oneOf, present, sometimes } from '../arbitrary-parts.ts';
import { ruleOverPartitions } from './arbitrary-rule.ts';
import { ruleOfSteps } from './rule-of-steps.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/**
 * Whole hours, and times that clock changes skip or repeat: 02:30 in Berlin, 02:00 in Santiago's autumn, half an hour
 * in Lord Howe.
 */
const timeOfDay = fc.constantFrom('00:00', '01:00', '02:00', '02:30', '03:00', '06:00', '12:00', '22:30', '23:00');
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Santiago',
] as const;

const stretch = fc.record(
  {
    days: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1, maxLength: 7 }),
    from: timeOfDay,
    to: fc.oneof(timeOfDay, fc.constant('24:00')),
  },
  { requiredKeys: [] },
);

/** Days near a time, in UTC. */
const datesNear = (start: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(
    fc.integer({ min: -1, max: 4 }).map((days) => new Date(start + days * 86_400_000).toISOString().slice(0, 10)),
    { minLength: 1, maxLength: 3 },
  );

/** Around a time: one stretch in the schedule itself or several in `open`, with and without `except` and `onClose`. */
function scheduleNear(start: number): fc.Arbitrary<object> {
  const hours = oneOf(
    stretch,
    fc.array(stretch, { minLength: 1, maxLength: 4 }).map((open) => ({ open })),
  );
  return fc
    .record({
      timezone: fc.constantFrom(...ZONES),
      hours,
      except: sometimes(datesNear(start), 1),
      onClose: sometimes(fc.constantFrom('resolve', 'resolve', 'keep'), 1),
    })
    .map(({ timezone, hours: its, ...more }) => ({ timezone, ...its, ...present(more) }));
}

/** With a schedule; durations are in hours, and all times in half hours, like the times that the reference checks. */
export const ruleOfSchedule = (start: number): fc.Arbitrary<object> => {
  const rules = oneOf({ weight: 4, arbitrary: ruleOverPartitions('h') }, ruleOfSteps('h'));
  return fc.tuple(rules, scheduleNear(start)).map(([rule, schedule]) => ({ ...rule, schedule }));
};
