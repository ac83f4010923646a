import { describe, expect, it } from 'vitest';
import { isLongNumber } from '../../../src/core/windows/accumulators.ts';

/** Numbers whose text has more than 10 characters weigh more; most are told apart without writing them. */
describe('a long number', () => {
  it.each([
    [0, false],
    [-0, false],
    [9_999_999_999, false],
    [10_000_000_000, true],
    // The sign is not worth the writing.
    [-9_999_999_999, false],
    [1e21, false],
    [0.1, false],
    [99_999.999, false],
    [-99_999.999, false],
    [100_000.123, false],
    [1_000_000.123, true],
    [-1_000_000.12, true],
    [0.1 + 0.2, true],
    [1 / 3, true],
    [0.0001, false],
    [0.123456789, true],
    [1e-7, false],
    [5e-324, false],
    [1.2345678901234567e-100, true],
    [Number.MAX_SAFE_INTEGER, true],
    [Number.MAX_VALUE, true],
  ])('%d: %j', (value, isLong) => {
    expect(isLongNumber(value)).toBe(isLong);
  });

  it('has more than 10 characters, whichever way that is found', () => {
    const scales = [1, 10, 1_000, 1e4];
    const numbers = scales.flatMap((scale) =>
      [1, 12, 12_345, 9_999_999, 99_999_999, 100_000_001, 123_456_789].map((digits) => digits / scale),
    );
    for (const value of numbers) expect([value, isLongNumber(value)]).toEqual([value, String(value).length > 10]);
  });
});
