import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { compileComparison, compilePredicate } from '../../../../src/core/compilation/conditions/predicate.ts';
import type { ConstantComparison as Comparison, Predicate } from '../../../../src/core/model/rule/condition-schema.ts';
import { satisfies } from '../../../reference/conditions/predicate.ts';

/** One value of each type, and two of those with an order. `undefined` is a missing property. */
const VALUES = {
  absent: undefined,
  nothing: null,
  yes: true,
  no: false,
  one: 1,
  two: 2,
  nan: Number.NaN,
  a: 'a',
  b: 'b',
  digit: '1',
  empty: '',
  object: { json: '{}' },
};
type Name = keyof typeof VALUES;
const there = (Object.keys(VALUES) as Name[]).filter((name) => name !== 'absent');

const TABLE: [Comparison, Name[]][] = [
  [{ equals: 1 }, ['one']],
  [{ equals: '1' }, ['digit']],
  [{ equals: 'a' }, ['a']],
  [{ equals: true }, ['yes']],
  [{ equals: null }, ['nothing']],
  [{ equals: '' }, ['empty']],
  [{ equals: '*' }, there],
  [{ notEquals: 1 }, ['two', 'nan']],
  [{ notEquals: 'a' }, ['b', 'digit', 'empty']],
  [{ notEquals: true }, ['no']],
  [{ notEquals: null }, []],
  [{ in: [1, 'a', null] }, ['one', 'a', 'nothing']],
  [{ notIn: [1, 'a'] }, ['two', 'nan', 'b', 'digit', 'empty']],
  [{ notIn: [null] }, []],
  [{ gt: 1 }, ['two']],
  [{ gte: 1 }, ['one', 'two']],
  [{ lt: 2 }, ['one']],
  [{ lte: 2 }, ['one', 'two']],
  [{ gt: 'a' }, ['b']],
  [{ lt: 'a' }, ['digit', 'empty']],
  [{ between: [1, 2] }, ['one', 'two']],
  [{ between: ['a', 'b'] }, ['a', 'b']],
  [{ between: [2, 1] }, []],
  [{ between: [1, 'b'] }, []],
  [{ exists: true }, there],
  [{ exists: false }, ['absent']],
  [{ glob: '*' }, ['a', 'b', 'digit', 'empty']],
  [{ glob: '?' }, ['a', 'b', 'digit']],
  [{ contains: 'a' }, ['a']],
  [{ startsWith: '1' }, ['digit']],
  [{ endsWith: 'b' }, ['b']],
  [{ equals: 'A', ignoreCase: true }, ['a']],
  [{ equals: 1, ignoreCase: true }, ['one']],
  [{ equals: '*', ignoreCase: true }, there],
  [{ in: ['A', 'B', 2], ignoreCase: true }, ['two', 'a', 'b']],
  [{ contains: 'A', ignoreCase: true }, ['a']],
  [{ equals: 'A', ignoreCase: false }, []],
  [{ gte: 1, lt: 2 }, ['one']],
  [{ gt: 1, equals: 1 }, []],
];

describe('comparisons', () => {
  it.each(TABLE)('%j holds for %j and nothing else', (comparison, names) => {
    const holds = (Object.keys(VALUES) as Name[]).filter((name) => compileComparison(comparison)(VALUES[name]));
    expect(holds.sort()).toEqual([...names].sort());
  });

  it('order strings by UTF-16 code units', () => {
    expect(compileComparison({ gt: 'Z' })('a')).toBe(true);
    expect(compileComparison({ lt: '\uFFFF' })('\u{1F600}')).toBe(true);
  });

  it('compare huge numbers exactly', () => {
    expect(compileComparison({ gt: 1e308 })(Number.MAX_VALUE)).toBe(true);
    expect(compileComparison({ equals: 9007199254740993 })(9007199254740992)).toBe(true);
    expect(compileComparison({ gt: -Number.MAX_VALUE })(Number.MAX_VALUE)).toBe(true);
  });
});

describe('glob', () => {
  it.each([
    ['machine-*', 'machine-', true],
    ['machine-*', 'machine-01', true],
    ['machine-*', 'a machine-01', false],
    ['*-01', 'machine-01', true],
    ['m*e-?1', 'machine-01', true],
    ['**a**', 'bab', true],
    ['', '', true],
    ['', 'a', false],
    ['?', '', false],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['a\\*', 'a\\b', true],
    ['*', 'line\nbreak', true],
    ['ABC', 'abc', false],
  ])('%j matches %j: %s', (glob, text, matches) => expect(compileComparison({ glob })(text)).toBe(matches));

  it('matches what the reference matches', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.'), maxLength: 8 });
    const same = (glob: string, text: string): boolean =>
      compileComparison({ glob })(text) === satisfies({ property: 'p', glob }, { p: text });
    fc.assert(fc.property(word, word, same), { numRuns: 2000 });
  });

  it('costs at most text times pattern, even for the worst pattern', () => {
    const test = compileComparison({ glob: `${'*a'.repeat(127)}b` });
    const began = performance.now();
    for (let round = 0; round < 100; round++) expect(test('a'.repeat(1024))).toBe(false);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('does not match a string longer than vigil keeps', () => {
    expect(compileComparison({ glob: '*' })('a'.repeat(1024))).toBe(true);
    expect(compileComparison({ glob: '*' })('a'.repeat(1025))).toBe(false);
  });
});

describe('comparisons of texts', () => {
  const LONG = 'x'.repeat(1_025);

  it.each<[Comparison, string, boolean]>([
    [{ contains: 'time' }, 'a timeout', true],
    [{ contains: 'Time' }, 'a timeout', false],
    [{ startsWith: 'press-' }, 'press-12', true],
    [{ startsWith: 'press-' }, 'a press-12', false],
    [{ endsWith: '.log' }, 'a.log', true],
    [{ endsWith: '.log' }, 'a.log.gz', false],
    [{ contains: '*' }, 'abc', false],
    [{ startsWith: 'a', endsWith: 'c', contains: 'b' }, 'abc', true],
    [{ contains: 'x' }, LONG, false],
    [{ contains: 'x' }, LONG.slice(1), true],
    [{ startsWith: 'x' }, LONG, false],
    [{ endsWith: 'x' }, LONG, false],
  ])('%j of %j: %s', (comparison, text, holds) => expect(compileComparison(comparison)(text)).toBe(holds));

  it.each<[Comparison, string, boolean]>([
    [{ equals: 'Größe' }, 'GRÖSSE', false],
    [{ equals: 'Größe' }, 'GRÖßE', true],
    [{ equals: 'ΟΔΟΣ' }, 'οδος', true],
    [{ startsWith: 'οδοσ' }, 'ΟΔΟΣΑ', true],
    [{ glob: 'ERROR-?' }, 'error-ß', true],
    [{ in: ['a', 'B'] }, 'b', true],
    [{ contains: 'OUT' }, 'Timeout', true],
    [{ equals: LONG }, LONG, true],
    [{ equals: LONG }, LONG.toUpperCase(), false],
  ])('%j without case, of %j: %s', (comparison, text, holds) =>
    expect(compileComparison({ ...comparison, ignoreCase: true })(text)).toBe(holds),
  );

  it('hold without case whenever they hold with it', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'A', 'ß', 'ς', 'σ', 'Σ', 'İ', 'ı', 'ﬁ', '𐐨'), maxLength: 4 });
    const words = fc.constantFrom('equals', 'contains', 'startsWith', 'endsWith', 'glob');
    fc.assert(
      fc.property(words, word, word, word, (name, operand, before, after) => {
        const comparison: Comparison = { [name]: operand };
        const value = before + operand + after;
        if (compileComparison(comparison)(value))
          expect(compileComparison({ ...comparison, ignoreCase: true })(value)).toBe(true);
      }),
    );
  });
});

describe('a property as a number', () => {
  it.each<[Comparison, unknown, boolean]>([
    [{ gt: 7 }, '7.5', true],
    [{ gt: 7 }, ' 7.5 ', true],
    [{ gt: 7 }, 7.5, true],
    [{ gt: 7 }, '7,5', false],
    [{ equals: '7' }, '7', false],
    [{ exists: true }, 'off', false],
    [{ exists: false }, true, true],
    [{ equals: '*' }, '1e3', true],
  ])('%j of %j: %s', (comparison, p, holds) =>
    expect(compilePredicate({ property: 'p', as: 'number', ...comparison })({ p })).toBe(holds),
  );
});

describe('predicates', () => {
  const comparison = fc.constantFrom(...TABLE.map(([given]) => given));
  const leaf = fc
    .tuple(fc.constantFrom('p', 'q.r'), comparison)
    .map(([property, is]): Predicate => ({ property, ...is }));
  const { tree } = fc.letrec<{ tree: Predicate }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie('tree').map((not) => ({ not })),
    ),
  }));
  const value = fc.constantFrom(null, true, false, 1, 2, 'a', 'b', '1', '');
  const data = fc.record({ p: value, q: fc.record({ r: value }, { requiredKeys: [] }) }, { requiredKeys: [] });

  it('all, any and not nest, and match the reference', () => {
    const same = (predicate: Predicate, event: object): boolean =>
      compilePredicate(predicate)({ ...event }) === satisfies(predicate, { ...event });
    fc.assert(fc.property(tree, data, same), { numRuns: 2000 });
  });
});
