import { describe, expect, it } from 'vitest';
import { wallTime } from '../../../../src/core/primitives/text/time-zone.ts';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

describe('the wall clock of a zone', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 'UTC', 'thu', 0],
    ['1969-12-31T23:59:00Z', 'UTC', 'wed', 1439],
    ['1969-12-21T12:00:00Z', 'UTC', 'sun', 720],
    ['2026-01-04T12:00:00Z', 'UTC', 'sun', 720],
    ['2026-01-05T12:00:00Z', 'UTC', 'mon', 720],
    ['2026-01-04T23:30:00Z', 'Europe/Berlin', 'mon', 30],
    ['2026-07-05T23:30:00Z', 'Europe/Berlin', 'mon', 90],
    ['2026-01-05T02:00:00Z', 'America/New_York', 'sun', 1260],
  ])('at %s in %s: %s, minute %i', (at, timezone, weekday, minute) => {
    const wall = wallTime(Date.parse(at), timezone);
    expect([WEEKDAYS[wall.weekday], wall.minute]).toEqual([weekday, minute]);
  });
});
