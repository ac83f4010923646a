import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { exactSum, ExactSum, WideSum, type SumParts } from '../../../../src/core/primitives/numbers/exact-sum.ts';
import { exactSum as reference } from '../../../reference/conditions/exact-sum.ts';

const MAX = Number.MAX_VALUE;
const finite = { noNaN: true, noDefaultInfinity: true };
const number = fc.oneof(
  fc.constantFrom(
    0.1,
    0.2,
    0.3,
    -0.3,
    1e16,
    -1e16,
    1,
    -1,
    1e-9,
    5e-324,
    -5e-324,
    MAX,
    -MAX,
    2 ** 970,
    -(2 ** 970),
    2 ** 500,
    -(2 ** 499),
    2 ** 53,
    2 ** -53,
    2 ** -106,
    -(2 ** -106),
  ),
  fc.integer(),
  fc.double({ ...finite, min: -1000, max: 1000 }),
  fc.double(finite),
);
const RUNS = 5_000;

describe('an exact sum', () => {
  it.each<[number[], number]>([
    [[], 0],
    [[0.1, 0.2, 0.3], 0.6],
    [Array.from({ length: 10 }, () => 0.1), 1],
    [[1e16, 1, -1e16], 1],
    [[1, 2 ** -53, 2 ** -106], 1 + 2 ** -52],
    [[1, 2 ** -53, -(2 ** -106)], 1],
    [[1, 2 ** -53], 1],
    [[MAX, MAX, -MAX], MAX],
    [[MAX, MAX, -MAX, -MAX, 5e-324], 5e-324],
    [[-MAX, 2.4501616038202246e307], -1.5526769744802933e308],
    [[-MAX, -1.5807804266519196e307, MAX], -1.5807804266519196e307],
    [[MAX, 2 ** 970], Infinity],
    [[MAX, 2 ** 970, -1], MAX],
    [[MAX, MAX, -MAX, -(2 ** 970), -1], MAX - 2 ** 971],
    [[MAX, MAX], Infinity],
    [[-MAX, -MAX, 1], -Infinity],
    [[-0], 0],
  ])('of %j is %d', (numbers, sum) => {
    expect(exactSum(numbers)).toBe(sum);
    expect(reference(numbers)).toBe(sum);
  });

  it('matches the reference, which uses exact fractions', () => {
    const says = (numbers: number[]): void => {
      expect(exactSum(numbers)).toBe(reference(numbers));
    };
    fc.assert(fc.property(fc.array(number, { maxLength: 40 }), says), { numRuns: RUNS });
  });

  it('does not depend on numbers that were added and removed', () => {
    const smaller = fc.double({ ...finite, min: -1e300, max: 1e300 });
    const mixed = fc.array(
      fc.tuple(
        fc.oneof(
          number.filter((each) => Math.abs(each) < 1e300),
          smaller,
        ),
        fc.boolean(),
      ),
      { maxLength: 40 },
    );
    const says = (numbers: [number, boolean][]): void => {
      const sum = new ExactSum();
      for (const [each] of numbers) sum.add(each);
      for (const [each, goes] of numbers) if (goes) sum.add(-each);
      expect(sum.value).toBe(reference(numbers.flatMap(([each, goes]) => (goes ? [] : [each]))));
    };
    fc.assert(fc.property(mixed, says), { numRuns: RUNS });
  });

  it('detects overflow', () => {
    const sum = new ExactSum();
    sum.add(MAX);
    expect(sum.isFinite).toBe(true);
    for (const each of [MAX, -MAX, -MAX]) sum.add(each);
    expect(sum.isFinite).toBe(false);
  });
});

describe('a wide sum', () => {
  it('is exact after numbers of any size have come and gone, also through its parts', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 20 }), fc.array(number, { maxLength: 20 }), (stay, go) => {
        const [sum, other] = [new WideSum(), new WideSum()];
        for (const each of [...go, ...stay]) sum.add(each);
        for (const each of go) other.add(each);
        sum.addParts(JSON.parse(JSON.stringify(other.parts())) as SumParts, -1);
        expect(sum.value).toBe(reference(stay));
      }),
      { numRuns: RUNS },
    );
  });
});
