import { describe, expect, it } from 'vitest';
import { latest, any, warnings } from './rules-with-warnings.ts';

describe('a schedule', () => {
  const scheduled = (schedule: object) =>
    any(latest({ gt: 1 }), { schedule: { timezone: 'Europe/Berlin', ...schedule } });
  const night = { days: ['mon', 'tue'], from: '22:00', to: '06:00' };

  it.each<[string, object, string[]]>([
    [
      'a stretch inside another one',
      {
        open: [
          { days: ['mon'], from: '08:00', to: '12:00' },
          { from: '08:00', to: '18:00' },
        ],
      },
      ['schedule.open[0]: has no effect: schedule.open[1] covers it'],
    ],
    [
      'a stretch that is repeated',
      { open: [night, night] },
      ['schedule.open[1]: has no effect: schedule.open[0] covers it'],
    ],
    [
      'a stretch inside one past midnight',
      { open: [night, { days: ['tue'], from: '23:00' }] },
      ['schedule.open[1]: has no effect: schedule.open[0] covers it'],
    ],
    ['stretches that overlap', { open: [night, { days: ['tue'], from: '05:00', to: '09:00' }] }, []],
    [
      'a stretch that another one covers only from the day before',
      { open: [night, { days: ['tue', 'wed'], to: '02:00' }] },
      [],
    ],
    [
      'a date that is repeated',
      { except: ['2026-12-25', '2026-12-26', '2026-12-25'] },
      ['schedule.except[2]: repeats schedule.except[0]'],
    ],
    [
      'a date on which it is closed anyway',
      { open: [{ days: ['mon', 'fri'] }, { days: ['tue'] }], except: ['2026-12-25', '2026-12-26'] },
      ['schedule.except[1]: has no effect: no stretch begins on a day like this (sat)'],
    ],
    [
      'onClose of a schedule that never closes',
      { open: [{ to: '12:00' }, { from: '12:00' }], onClose: 'resolve' },
      ['schedule.onClose: has no effect: the schedule never closes'],
    ],
    ['onClose of a schedule that closes on one date', { except: ['2026-12-25'], onClose: 'resolve' }, []],
    ['onClose of a schedule that closes for a minute', { to: '23:59', onClose: 'resolve' }, []],
    ['onClose: keep of a schedule that never closes', { onClose: 'keep' }, []],
  ])('%s', (_what, schedule, expected) => expect(warnings(scheduled(schedule))).toEqual(expected));
});
