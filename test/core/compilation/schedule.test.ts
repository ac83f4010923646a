import { describe, expect, it } from 'vitest';
import { compileSchedule } from '../../../src/core/compilation/schedule.ts';
import { schedule as schema } from '../../../src/core/model/rule/schedule-schema.ts';

const compile = (schedule: object) =>
  compileSchedule(schema.parse({ onClose: 'resolve', timezone: 'UTC', ...schedule }));
const iso = (ms: number): string => (ms === Infinity ? 'never' : new Date(ms).toISOString().slice(0, 16));

/** Up to five changes after a time: `+` opens, `-` closes. */
function changes(schedule: object, from: string): string[] {
  const opening = compile(schedule);
  const list: string[] = [];
  let atMs = Date.parse(from);
  while (list.length < 5 && atMs < Infinity) {
    const isOpen = opening.isOpen(atMs);
    atMs = isOpen ? opening.resolvesAt(atMs) : opening.nextOpen(atMs);
    list.push(`${isOpen ? '-' : '+'}${iso(atMs)}`);
  }
  return list;
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'];

describe('a schedule opens and closes', () => {
  it.each<[what: string, schedule: object, from: string, expected: string[]]>([
    [
      'around a lunch break',
      {
        open: [
          { from: '08:00', to: '12:00' },
          { from: '13:00', to: '18:00' },
        ],
      },
      '2026-01-05T00:00Z',
      ['+2026-01-05T08:00', '-2026-01-05T12:00', '+2026-01-05T13:00', '-2026-01-05T18:00', '+2026-01-06T08:00'],
    ],
    [
      'not between stretches that adjoin or overlap, in any order',
      {
        open: [
          { from: '12:00', to: '16:00' },
          { from: '08:00', to: '12:00' },
          { from: '15:00', to: '18:00' },
        ],
      },
      '2026-01-05T00:00Z',
      ['+2026-01-05T08:00', '-2026-01-05T18:00', '+2026-01-06T08:00', '-2026-01-06T18:00', '+2026-01-07T08:00'],
    ],
    [
      'not at midnight between Monday and Friday',
      { days: WEEKDAYS },
      '2026-01-07T12:00Z',
      ['-2026-01-10T00:00', '+2026-01-12T00:00', '-2026-01-17T00:00', '+2026-01-19T00:00', '-2026-01-24T00:00'],
    ],
    [
      'once a week, for a night that another stretch prolongs',
      {
        open: [
          { days: ['fri'], from: '22:00', to: '06:00' },
          { days: ['sat'], from: '06:00', to: '10:00' },
        ],
      },
      '2026-01-09T23:00Z',
      ['-2026-01-10T10:00', '+2026-01-16T22:00', '-2026-01-17T10:00', '+2026-01-23T22:00', '-2026-01-24T10:00'],
    ],
    ['never, if it is open all week', {}, '2026-01-05T00:00Z', ['-never']],
    [
      'on the dates of except only, if it is open all week otherwise',
      { except: ['2031-12-25', '2027-01-01', '2027-01-02'] },
      '2026-01-05T00:00Z',
      ['-2027-01-01T00:00', '+2027-01-03T00:00', '-2031-12-25T00:00', '+2031-12-26T00:00', '-never'],
    ],
    [
      'later on an except date, if the stretch of the day before reaches into it',
      { open: [{ from: '12:00', to: '12:00' }], except: ['2027-01-01'] },
      '2026-01-05T00:00Z',
      ['-2027-01-01T12:00', '+2027-01-02T12:00', '-never'],
    ],
    [
      'not on the Mondays of except',
      { days: ['mon'], from: '08:00', to: '09:00', except: ['2026-01-12', '2026-01-19', '2026-01-26', '2026-02-02'] },
      '2026-01-06T00:00Z',
      ['+2026-02-09T08:00', '-2026-02-09T09:00', '+2026-02-16T08:00', '-2026-02-16T09:00', '+2026-02-23T08:00'],
    ],
    [
      'on a local date of except',
      { timezone: 'Asia/Tokyo', from: '06:00', to: '10:00', except: ['2026-01-06'] },
      '2026-01-05T02:00Z',
      ['+2026-01-06T21:00', '-2026-01-07T01:00', '+2026-01-07T21:00', '-2026-01-08T01:00', '+2026-01-08T21:00'],
    ],
    [
      'a week later, if a clock change skips the only hour of the week',
      { timezone: 'Europe/Berlin', days: ['sun'], from: '02:00', to: '03:00' },
      '2026-03-23T00:00Z',
      ['+2026-04-05T00:00', '-2026-04-05T01:00', '+2026-04-12T00:00', '-2026-04-12T01:00', '+2026-04-19T00:00'],
    ],
    [
      'not in a break that a clock change skips',
      {
        timezone: 'Europe/Berlin',
        open: [
          { days: ['sun'], from: '00:00', to: '02:00' },
          { days: ['sun'], from: '03:00', to: '06:00' },
        ],
      },
      '2026-03-23T00:00Z',
      ['+2026-03-28T23:00', '-2026-03-29T04:00', '+2026-04-04T22:00', '-2026-04-05T00:00', '+2026-04-05T01:00'],
    ],
    [
      'at the only break of a week, even a week after a clock change skips it',
      {
        timezone: 'Europe/Berlin',
        open: [{ days: ['sun'], to: '02:00' }, { days: ['sun'], from: '03:00' }, { days: [...WEEKDAYS, 'sat'] }],
      },
      '2026-03-22T12:00Z',
      ['-2026-04-05T00:00', '+2026-04-05T01:00', '-2026-04-12T00:00', '+2026-04-12T01:00', '-2026-04-19T00:00'],
    ],
  ])('%s', (_what, schedule, from, expected) => expect(changes(schedule, from)).toEqual(expected));

  it('at any time in any order: what was asked before has no effect', () => {
    const opening = compile({
      open: [
        { from: '08:00', to: '12:00' },
        { from: '13:00', to: '18:00' },
      ],
    });
    const hours = [10, 30, 12, 3, 17, 12.5, 8, 41, 18, 9];
    const isOpenAt = (hour: number): boolean => opening.isOpen(Date.UTC(2026, 0, 5, 0, hour * 60));
    expect(hours.filter(isOpenAt)).toEqual([10, 17, 8, 41, 9]);
  });

  it('without resolving anything by default', () => {
    const opening = compile({ to: '12:00', onClose: 'keep' });
    expect(opening.resolvesAt(Date.parse('2026-01-05T13:00Z'))).toBe(Infinity);
  });
});
