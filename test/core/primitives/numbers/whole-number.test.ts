import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { orderOf, wholeFrom } from '../../../../src/core/primitives/numbers/whole-number.ts';

describe('digits', () => {
  it.each<[string, number | bigint]>([
    ['0', 0],
    ['-7', -7],
    ['+7', 7],
    ['007', 7],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['+009007199254740993', 9007199254740993n],
    ['10000000000000000', 1e16],
    // The double that is exactly this prints as 9223372036854776000.
    ['9223372036854775808', 9223372036854775808n],
    ['9223372036854776000', 2 ** 63],
    ['1000000000000000000000', 10n ** 21n],
    ['1e21', 1e21],
    ['9007199254740993.0', 9007199254740992],
    ['1'.repeat(256), BigInt('1'.repeat(256))],
    ['1'.repeat(257), Number('1'.repeat(257))],
    ['1'.repeat(400), Infinity],
  ])('%s are %s', (text, number) => expect(wholeFrom(text)).toBe(number));

  it('that differ are never the same number, and print as they were', () => {
    const whole = fc.oneof(
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
      fc.bigInt({ min: 2n ** 53n - 9n, max: 2n ** 53n + 9n }),
    );
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        expect(wholeFrom(String(a)) === wholeFrom(String(b))).toBe(a === b);
        if (a < 10n ** 21n) expect(String(wholeFrom(String(a)))).toBe(String(a));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('the order of numbers', () => {
  it.each<[number | bigint, number | bigint, number]>([
    [9007199254740993n, 9007199254740992, 1],
    [9007199254740992, 9007199254740993n, -1],
    [9007199254740993n, 9007199254740993n, 0],
    [9007199254740993n, 9007199254740994, -1],
    [-9007199254740993n, -9007199254740992, -1],
    [9007199254740993n, 0.5, 1],
    [9007199254740993n, 1e300, -1],
    // The double prints as 9223372036854776000.
    [9223372036854775808n, 2 ** 63, -1],
    [9007199254740993n, Number.NaN, Number.NaN],
  ])('%s to %s is %d', (a, b, order) => expect(orderOf(a, b)).toBe(order));

  it('is that of their digits', () => {
    const whole = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        expect(orderOf(wholeFrom(String(a)), wholeFrom(String(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });
});
