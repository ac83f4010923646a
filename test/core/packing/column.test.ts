import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { packColumn } from '../../../src/core/packing/column.ts';
import { packRows, unpackRows } from '../../../src/core/packing/rows.ts';

const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('a column', () => {
  it.each<[what: string, values: unknown[], column: unknown]>([
    ['what all records have', ['a', 'a', 'a'], ['=', 'a']],
    ['a field that none has', [undefined, undefined], ['-']],
    ['times', [1_000_000_007, 1_000_000_001, 1_000_000_002], ['+', 1_000_000_001, [6, 0, 1]]],
    ['numbers that grow', [1_000, 1_010, 1_020, 1_030], ['>', [1_000, 10, 10, 10]]],
    ['small numbers', [1, 2, 3], ['v', [1, 2, 3]]],
    ['fractions', [1.5, 2.25, 3], ['v', [1.5, 2.25, 3]]],
    ['few different texts', ['on', 'off', 'on', 'off'], ['e', ['on', 'off'], [0, 1, 0, 1]]],
    ['what differs from the usual', [null, null, 'x', null, 'y', null], ['|', [3, 2], ['v', ['x', 'y']], ['=', null]]],
    [
      'tuples',
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ],
      [
        't',
        [
          ['v', [1, 2, 3]],
          ['v', ['a', 'b', 'c']],
        ],
      ],
    ],
    ['lists', [[[1]], [], [[2]]], ['l', ['|', [2], ['=', 0], ['=', 1]], ['t', [['v', [1, 2]]]]]],
    [
      'records',
      [{ a: 1 }, { a: 2, b: true }],
      [
        'r',
        ['a', 'b'],
        [
          ['v', [1, 2]],
          ['|', [2], ['=', true], ['-']],
        ],
      ],
    ],
  ])('of %s', (_what, values, column) => {
    expect(packColumn(values)).toEqual(column);
  });

  it('gives back any JSON, and shares nothing with it', () => {
    const sameOften = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(null, 0, true, '', 'a', {}, [], [0, 1], { a: 1 }, { b: null }),
    );
    const number = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    const record = fc.dictionary(fc.string(), fc.oneof(sameOften, number, fc.array(fc.array(number))), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(record, fc.record({ n: number, list: fc.array(sameOften) }, { requiredKeys: [] }))),
        (records) => {
          const plain = json(records);
          const packed = packRows(plain);
          const read = unpackRows(json(packed));
          expect(read).toStrictEqual(plain);
          expect(packRows(read)).toEqual(packed);
        },
      ),
      { numRuns: 500 },
    );
  });
});
