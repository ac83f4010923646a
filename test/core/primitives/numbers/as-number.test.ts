import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { asNumber } from '../../../../src/core/primitives/numbers/as-number.ts';

describe('a value as a number', () => {
  it.each<[unknown, number]>([
    [7, 7],
    ['7', 7],
    ['-7.25', -7.25],
    ['+7', 7],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['1.5E-3', 0.0015],
    [' 42\t\n', 42],
    ['007', 7],
    ['-0', 0],
    ['1e-999', 0],
  ])('%j is %d', (value, number) => expect(asNumber(value)).toBe(number));

  it.each<unknown>([
    ...[undefined, null, true, {}, [], [1], { json: '1' }],
    ...['', ' ', '.', '-', 'e3', '1e', '1 2', '1,5', '1_000', '12 °C', '0x10', '0b1', 'NaN', 'Infinity', '- 1'],
    ...['1e999', '-1e999', '1'.repeat(1_025), ' '.repeat(1_025)],
  ])('%j is none', (value) => expect(asNumber(value)).toBeUndefined());

  it('is the number that was printed', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(asNumber(String(number))).toBe(number + 0);
      }),
    );
  });
});
