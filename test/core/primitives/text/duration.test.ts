import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../../src/core/primitives/text/duration.ts';

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['0s', 0],
    ['007s', 7_000],
  ])('%s is %d milliseconds', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each([
    '',
    ' ',
    '5',
    'm',
    '5 m',
    ' 5m',
    '5m ',
    '-5m',
    '1.5h',
    '5M',
    '5min',
    '30m1h',
    '5m5m',
    '1w',
    '1e3s',
    '٥m',
    '99999999999999999d',
  ])('%j is not a duration', (text) => expect(parseDuration(text)).toBeUndefined());

  it('is formatted as the shortest text that parses back', () => {
    expect(formatDuration(5_400_000)).toBe('1h30m');
    expect(formatDuration(0)).toBe('0s');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        (ms) => parseDuration(formatDuration(ms)) === ms,
      ),
    );
  });

  it('is parsed in linear time, whatever the text', () => {
    expect(parseDuration(`${'1'.repeat(1_000_000)}x`)).toBeUndefined();
  });
});
