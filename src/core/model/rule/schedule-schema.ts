import { z } from 'zod';
import { LIMITS } from '../../primitives/limits.ts';
import { DAY_NAMES, isDate, isTimeZone } from '../../primitives/text/time-zone.ts';

/** The word `schedule` of the rule language. */

const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const timeOfDay = z.string().regex(TIME_OF_DAY, 'must be a time of day such as 06:00');
const endOfDay = z
  .string()
  .regex(new RegExp(`${TIME_OF_DAY.source}|^24:00$`), 'must be a time of day such as 22:00, or 24:00');

const NEEDS_DATE = 'must be a date of the calendar such as 2026-12-25';
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: NEEDS_DATE, abort: true })
  .refine(isDate, NEEDS_DATE);

/** The fields of one stretch; also allowed in the schedule itself, instead of `open`. */
const stretch = {
  days: z
    .array(z.enum(DAY_NAMES))
    .min(1)
    .optional()
    .meta({ description: 'days on which it opens', default: [...DAY_NAMES] }),
  from: timeOfDay.optional().meta({ description: 'opening time, local', default: '00:00' }),
  to: endOfDay.optional().meta({
    description: 'closing time, local, exclusive; at or before from: on the next day',
    default: '24:00',
  }),
};

const ON_CLOSE = [
  'keep: an alert that fires when the schedule closes continues, and can resolve',
  'resolve: it resolves with reason schedule, and fires again when the schedule opens if its condition still holds',
].join('; ');

export const schedule = z
  .strictObject({
    timezone: z
      .string()
      .max(64)
      .refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin')
      .describe('IANA time zone such as Europe/Berlin; follows daylight saving time'),
    ...stretch,
    open: z
      .array(z.strictObject(stretch))
      .min(1)
      .max(LIMITS.scheduleStretches)
      .optional()
      .describe('instead of days, from and to: several stretches; those that adjoin or overlap count as one'),
    except: z
      .array(date)
      .min(1)
      .max(LIMITS.scheduleExceptions)
      .optional()
      .describe('dates such as 2026-12-25, local; no stretch begins on them'),
    onClose: z.enum(['keep', 'resolve']).optional().meta({ description: ON_CLOSE, default: 'keep' }),
  })
  .refine(({ open, days, from, to }) => open === undefined || (days ?? from ?? to) === undefined, {
    path: ['open'],
    error: 'cannot be combined with days, from and to: move them into an entry of open',
  });
export type Schedule = z.infer<typeof schedule>;
export type Stretch = NonNullable<Schedule['open']>[number];
