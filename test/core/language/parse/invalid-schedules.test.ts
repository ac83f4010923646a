import { describe, it } from 'vitest';
import { rule, expectIssue, type Issue } from './rules-to-check.ts';

describe('an invalid schedule is reported with its path and what would be valid', () => {
  it.each<[string, unknown, Issue]>([
    [
      'an unknown time zone',
      { ...rule, schedule: { timezone: 'Berlin' } },
      { path: 'schedule.timezone', message: /must be an IANA time zone such as Europe\/Berlin/ },
    ],
    [
      'an invalid time of day',
      { ...rule, schedule: { timezone: 'UTC', to: '24:01' } },
      { path: 'schedule.to', message: /must be a time of day such as 22:00, or 24:00/ },
    ],
    [
      'a schedule from midnight to midnight',
      { ...rule, schedule: { timezone: 'UTC', from: '24:00' } },
      { path: 'schedule.from', message: /must be a time of day/ },
    ],
    [
      'open together with from',
      { ...rule, schedule: { timezone: 'UTC', open: [{}], from: '06:00' } },
      {
        path: 'schedule.open',
        message: /^cannot be combined with days, from and to: move them into an entry of open$/,
      },
    ],
    [
      'open together with days',
      { ...rule, schedule: { timezone: 'UTC', open: [{}], days: ['mon'] } },
      { path: 'schedule.open', message: /^cannot be combined with days, from and to/ },
    ],
    [
      'an empty open',
      { ...rule, schedule: { timezone: 'UTC', open: [] } },
      { path: 'schedule.open', message: /entry/ },
    ],
    [
      'too many stretches',
      { ...rule, schedule: { timezone: 'UTC', open: Array.from({ length: 33 }, () => ({})) } },
      { path: 'schedule.open', message: /^must have at most 32 entries$/ },
    ],
    [
      'an invalid time of day in a stretch',
      { ...rule, schedule: { timezone: 'UTC', open: [{}, { from: '8:00' }] } },
      { path: 'schedule.open[1].from', message: /must be a time of day such as 06:00/ },
    ],
    ...['2026-02-29', '2026-13-01', '2026-04-31', '26-12-25', '25.12.2026', '2026-12-25T00:00:00Z', ''].map(
      (date): [string, unknown, Issue] => [
        `the date ${date} in except`,
        { ...rule, schedule: { timezone: 'UTC', except: ['2026-12-25', date] } },
        { path: 'schedule.except[1]', message: /^must be a date of the calendar such as 2026-12-25$/ },
      ],
    ),
    [
      'too many dates in except',
      { ...rule, schedule: { timezone: 'UTC', except: Array.from({ length: 401 }, () => '2026-12-25') } },
      { path: 'schedule.except', message: /^must have at most 400 entries$/ },
    ],
    [
      'an unknown onClose',
      { ...rule, schedule: { timezone: 'UTC', onClose: 'end' } },
      { path: 'schedule.onClose', message: /^must be one of keep, resolve$/ },
    ],
  ])('%s', (_, definition, issue) => expectIssue(definition, issue));
});
